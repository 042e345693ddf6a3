"""Files in a bucket: the same as on disk, by a server that speaks S3."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.test import override_settings
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image

from chat.models import Room, Workspace
from chat.operations.files import orphans
from project.files import files
from tests.api.uploads.tools import content, send, upload, work
from tests.support import pdfs, pictures
from tests.support.rest import Rest

BUCKET = "what-people-sent"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "parley",
    "AWS_SECRET_ACCESS_KEY": "a secret",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """In the place of the folder. It begins empty."""
    for name, value in (ENVIRONMENT | {"FILES_S3_URL": server}).items():
        monkeypatch.setenv(name, value)
    bucket = boto3.resource("s3", endpoint_url=server).create_bucket(Bucket=BUCKET)
    with override_settings(STORAGES=settings.STORAGES | {"files": files(folder, BUCKET)}):
        yield bucket
    bucket.objects.delete()
    assert not list(folder.iterdir()), "nothing is on disk"


def keys(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}


def test_a_file_goes_there_and_comes_back_whole_and_in_parts(
    as_alice: Rest, as_bob: Rest, room: Room, bucket: Any
) -> None:
    words = b"words " * 100_000
    file = upload(as_alice, words).json()
    message = send(as_alice, room, file).json()
    assert content(as_bob.get(file["url"])) == words
    part = as_bob.ask("GET", file["url"], headers={"Range": "bytes=599994-"})
    assert (part.status_code, content(part)) == (206, b"words ")
    assert part.headers["Content-Range"] == "bytes 599994-599999/600000"
    assert len(keys(bucket)) == 1
    assert as_alice.delete(f"messages/{message['id']}/").status_code == 204
    work()
    assert keys(bucket) == set()


@pytest.mark.parametrize(
    ("data", "size"), [(pictures.picture((2000, 1000)), (720, 360)), (pdfs.paper(), (1018, 1440))], ids=["PNG", "PDF"]
)
def test_thumbnails_are_made_from_it_and_kept_in_it(
    as_alice: Rest, bucket: Any, data: bytes, size: tuple[int, int]
) -> None:
    file = upload(as_alice, data).json()
    work()
    with Image.open(io.BytesIO(content(as_alice.get(f"thumbnails/{file['id']}/")))) as small:
        assert small.size == size
    assert len(keys(bucket)) == 2 and content(as_alice.get(file["url"]))
    assert as_alice.delete(f"uploads/{file['id']}/").status_code == 204
    work()
    assert keys(bucket) == set()


def test_what_nobody_knows_is_deleted(as_alice: Rest, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace.objects.update_or_create(pk=1, defaults={"set_up_at": timezone.now() - timedelta(days=7)})
    upload(as_alice, b"words")
    known = keys(bucket)
    storage: Storage = storages["files"]
    for left in ("ab/ab000000000000000000000000000000", "previews/ab/ab000000000000000000000000000000"):
        storage.save(left, ContentFile(b"left"))
    storage.save("backups/parley.tar.gz", ContentFile(b"of somebody else"))
    orphans.sweep()
    assert len(keys(bucket)) == 4, "they are young"
    monkeypatch.setattr(orphans, "KEPT", timedelta(seconds=-60))
    orphans.sweep()
    assert keys(bucket) == known | {"backups/parley.tar.gz"}

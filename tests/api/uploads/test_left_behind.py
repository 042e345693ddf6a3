"""What killed processes leave of files, and what becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings
from django.utils import timezone

from chat.models import LinkPreview, Upload, Workspace
from chat.operations.files import orphans
from tests.api.uploads.tools import content, stored, upload, work
from tests.support import pictures
from tests.support.rest import Rest

KILLED = """
import os, signal, django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import TemporaryUploadedFile

class Cut(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half of it"
        os.kill(os.getpid(), signal.SIGKILL)

arriving = TemporaryUploadedFile("plan.pdf", "application/pdf", 4, None)
storages["files"].save("ab/ab000000000000000000000000000000", Cut(b""))
"""
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def house(db: None, folder: Path) -> Iterator[None]:
    """A Parley that was set up a week ago."""
    Workspace.objects.update_or_create(pk=1, defaults={"set_up_at": timezone.now() - timedelta(days=7)})
    with override_settings(FILE_UPLOAD_TEMP_DIR=folder):
        yield


def age(folder: Path, seconds: float = DAY + 60) -> None:
    for path in stored(folder):
        os.utime(path, (time.time() - seconds,) * 2)


def test_what_a_killed_process_leaves_is_deleted_after_a_day(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = os.environ | {"PARLEY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "project.settings"}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, cwd=settings.BASE_DIR)
    assert killed.returncode == -signal.SIGKILL
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": data / "files"}}
    with override_settings(STORAGES=settings.STORAGES | {"files": kept}, FILE_UPLOAD_TEMP_DIR=data / "arriving"):
        left = [path for path in stored(data) if path.parent.name in ("ab", "arriving")]
        assert len(left) == 2
        orphans.sweep()
        assert all(path.exists() for path in left), "somebody may be about to say that they are theirs"
        age(data)
        orphans.sweep()
        assert not any(path.exists() for path in left)


def test_what_a_row_knows_stays(as_alice: Rest, folder: Path) -> None:
    file = upload(as_alice, pictures.picture((900, 900))).json()
    work()
    waiting = upload(as_alice, pictures.picture((900, 901))).json()
    preview = LinkPreview(url="https://example.org/", fetched_at=timezone.now(), used_at=timezone.now())
    preview.image = storages["files"].save(f"previews/ab/{preview.pk.hex}", ContentFile(b"image"))
    preview.save()
    known = set(stored(folder))
    key = Upload.objects.get(pk=file["id"]).key.removesuffix("-image")
    other = uuid.UUID(int=7).hex
    for orphan in (key, f"{other[:2]}/{other}", f"{other[:2]}/{other}-small", f"previews/{other[:2]}/{other}"):
        storages["files"].save(orphan, ContentFile(b"left"))
    age(folder)
    orphans.sweep()
    assert set(stored(folder)) == known and len(known) == 4
    assert content(as_alice.get(file["url"]))
    work()
    assert content(as_alice.get(waiting["url"]))


def test_what_is_not_of_this_parley_is_left_alone(folder: Path) -> None:
    storages["files"].save("ab/ab000000000000000000000000000000", ContentFile(b"of a database that may come back"))
    age(folder, 8 * DAY)
    orphans.sweep()
    assert len(stored(folder)) == 1
    for name in ("readme.txt", "ab/readme.txt", "abc/ab000000000000000000000000000000", "backup.tar.gz.upload"):
        storages["files"].save(name, ContentFile(b"of somebody else"))
    age(folder)
    (folder / "ab" / "ab000000000000000000000000000000").unlink()
    orphans.sweep()
    assert len(stored(folder)) == 4

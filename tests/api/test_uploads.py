"""`POST uploads/`, `GET uploads/{id}/{name}`, and what is sent with a message."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from chat.models import BackgroundTask, Room, Upload, User
from chat.operations.files.names import safe_name
from chat.operations.files.tasks import sweep
from chat.operations.membership import remove_member
from chat.tasks import queue
from tests.support import pictures
from tests.support.rest import Rest, problem
from tests.support.snapshot import agreeing


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where files are kept."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    with override_settings(STORAGES=settings.STORAGES | {"files": files}):
        yield tmp_path


def upload(rest: Rest, data: bytes, name: str = "notes.txt", **fields: Any) -> Any:
    form = fields | {"file": SimpleUploadedFile(name, data)}
    return rest.ask("POST", "uploads/", encode_multipart(BOUNDARY, form), content_type=MULTIPART_CONTENT)


def send(rest: Rest, room: Room, *files: dict[str, Any], body: str = "", id: uuid.UUID | None = None) -> Any:
    named = {"id": str(id or uuid.uuid4()), "body": body, "attachments": [file["id"] for file in files]}
    return rest.post(f"rooms/{room.pk}/messages/", named)


def work() -> None:
    """Does what is in the queue, as a worker would."""
    while (task := queue.take("test")) is not None:
        task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        queue.done(task)


def content(response: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(read())


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_sent_and_read_by_those_in_the_room(as_alice: Rest, as_bob: Rest, room: Room) -> None:
    file = upload(as_alice, b"What we said.\n", "notes.txt").json()
    with agreeing() as events:
        message = send(as_alice, room, file, body="See here").json()
    assert message["attachments"] == [file] == events[0]["data"]["attachments"]
    assert as_bob.get(f"rooms/{room.pk}/messages/").json()["results"][-1]["attachments"] == [file]
    answer = as_bob.get(file["url"])
    assert content(answer) == b"What we said.\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")


def test_outsiders_meet_404_at_every_door(
    as_alice: Rest, as_bob: Rest, as_mallory: Rest, as_nobody: Rest, alice: User, bob: User, room: Room
) -> None:
    file = upload(as_alice, pictures.picture((900, 900))).json()
    work()
    doors = [file["url"], f"thumbnails/{file['id']}/"]
    for door in doors:
        assert content(as_alice.get(door))
        problem(as_bob.get(door), 404, "not_found")
        problem(as_nobody.get(door), 401, "unauthorized")
    problem(as_bob.delete(f"uploads/{file['id']}/"), 404, "not_found")
    problem(send(as_bob, room, file), 404, "not_found", "attachments")
    assert send(as_alice, room, file).status_code == 201
    for door in doors:
        assert content(as_bob.get(door))
        problem(as_mallory.get(door), 404, "not_found")
    problem(as_alice.delete(f"uploads/{file['id']}/"), 404, "not_found")
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    problem(as_bob.get(doors[0]), 404, "not_found")
    problem(as_alice.get(file["url"] + "x"), 404, "not_found")
    assert as_nobody.post("uploads/").status_code == 401


def test_the_same_id_gives_the_same_file(as_alice: Rest, folder: Path) -> None:
    once, again = (upload(as_alice, b"words", id=str(uuid.UUID(int=7))) for _ in range(2))
    assert (once.status_code, again.status_code) == (201, 200) and once.json() == again.json()
    assert len(stored(folder)) == 1


def test_a_post_is_repeated_with_the_same_files_and_no_others(as_alice: Rest, room: Room) -> None:
    one, two = (upload(as_alice, b"words").json() for _ in range(2))
    client_id = uuid.uuid4()
    first = send(as_alice, room, one, body="x", id=client_id)
    again = send(as_alice, room, one, body="x", id=client_id)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    problem(send(as_alice, room, two, body="x", id=client_id), 409, "conflict")
    problem(send(as_alice, room, body="x", id=client_id), 409, "conflict")
    problem(send(as_alice, room, one), 404, "not_found", "attachments")


def test_what_cannot_be_sent(as_alice: Rest, room: Room) -> None:
    file = upload(as_alice, b"words").json()
    problem(send(as_alice, room), 400, "bad_request", "body")
    problem(send(as_alice, room, file, file), 400, "bad_request", "attachments")
    problem(send(as_alice, room, *[{"id": str(uuid.uuid4())} for _ in range(11)]), 400, "bad_request", "attachments")
    problem(send(as_alice, room, {"id": str(uuid.uuid4())}), 404, "not_found", "attachments")


def test_an_image_is_made_anew_and_its_room_hears(as_alice: Rest, as_bob: Rest, room: Room, folder: Path) -> None:
    file = upload(as_alice, pictures.with_metadata(), "beach.jpg").json()
    assert (file["type"], file["ready"], file["width"], file["height"]) == ("image/jpeg", False, 40, 30)
    message = send(as_alice, room, file).json()
    problem(as_bob.get(file["url"]), 409, "conflict")
    with agreeing() as events:
        work()
    assert [event["type"] for event in events] == ["attachment.ready"]
    now = as_bob.get(f"messages/{message['id']}/").json()["attachments"]
    assert now == [events[0]["data"]["attachment"]]
    assert (now[0]["ready"], now[0]["width"], now[0]["height"], now[0]["thumbnail"]) == (True, 30, 40, None)
    answer = as_bob.get(file["url"])
    data = content(answer)
    assert "SECRET" not in data.decode("latin-1") and not Image.open(io.BytesIO(data)).getexif()
    assert answer.headers["Content-Disposition"] == 'inline; filename="beach.jpg"'
    assert len(stored(folder)) == 1, "what came is gone"


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_what_moves_goes_on_moving(as_alice: Rest, format: str) -> None:
    file = upload(as_alice, pictures.moving(format=format)).json()
    work()
    data = content(as_alice.get(file["url"]))
    assert Image.open(io.BytesIO(data)).n_frames == 3 and b"SECRET" not in data  # type: ignore[attr-defined]


def test_a_large_image_has_a_small_one(as_alice: Rest) -> None:
    file = upload(as_alice, pictures.picture((2000, 1000))).json()
    work()
    small = Image.open(io.BytesIO(content(as_alice.get(f"thumbnails/{file['id']}/"))))
    assert (small.size, small.format) == ((720, 360), "WEBP")


ZOO: list[tuple[str, bytes, str]] = [
    # Name, content, and the type that it is given.
    ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", "text/plain"),
    ("image.png", b"<html><script>alert(1)</script></html>", "text/plain"),
    ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "text/plain"),
    ("script.js", b"alert(1)", "text/plain"),
    ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
    ("sound.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "audio/wav"),
    ("program.jpg", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", "application/octet-stream"),
    ("nul.txt", b"one\0two", "application/octet-stream"),
    ("latin.txt", "größer".encode("latin-1"), "application/octet-stream"),
    ("archive.png", b"PK\x03\x04" + b"\0" * 30, "application/zip"),
    ("x.gif", b"GIF89a/*", "text/plain"),
]


@pytest.mark.parametrize(("name", "data", "type"), ZOO, ids=[name for name, _, _ in ZOO])
def test_a_file_is_what_it_holds(as_alice: Rest, name: str, data: bytes, type: str) -> None:
    file = upload(as_alice, data, name).json()
    assert file["type"] == type and file["ready"]
    answer = as_alice.get(file["url"])
    assert content(answer) == data
    in_place = type[:6] in ("audio/", "video/")
    assert answer.headers["Content-Disposition"].startswith("inline" if in_place else "attachment")


def test_a_polyglot_keeps_only_its_pixels(as_alice: Rest) -> None:
    file = upload(as_alice, pictures.picture(format="GIF") + b"<script>alert(1)</script>PK\x03\x04", "both.html").json()
    work()
    answer = as_alice.get(file["url"])
    assert answer.headers["Content-Type"] == "image/gif" and b"script" not in content(answer)


def test_bombs_are_refused_before_they_go_off(as_alice: Rest, folder: Path) -> None:
    problem(upload(as_alice, pictures.bomb()), 400, "bad_request", "file")
    with override_settings(UPLOAD_PIXELS=1200):
        assert upload(as_alice, pictures.picture((40, 30))).status_code == 201
        problem(upload(as_alice, pictures.picture((40, 31))), 400, "bad_request", "file")
    assert len(stored(folder)) == 1


def test_what_only_begins_like_an_image_is_a_file(as_alice: Rest, room: Room) -> None:
    file = upload(as_alice, pictures.bomb(100, 100), "broken.png").json()
    send(as_alice, room, file)
    with agreeing():
        work()
    answer = as_alice.get(file["url"])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert content(answer)


NAMES = [
    ("../../etc/passwd", "passwd"),
    ("..\\..\\boot.ini", "boot.ini"),
    (".htaccess", "htaccess"),
    ("con.txt", "_con.txt"),
    ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ("a\nb\tc.txt", "abc.txt"),
    ('quo"te<>.txt', "quo_te_.txt"),
    ("Übergrößenträger 💾.txt", "Übergrößenträger 💾.txt"),
    ("x" * 300 + ".tar", "x" * 116 + ".tar"),
    ("...", "file"),
]


@pytest.mark.parametrize(("name", "kept"), NAMES, ids=range(len(NAMES)))
def test_names_are_made_safe(as_alice: Rest, name: str, kept: str) -> None:
    assert safe_name(name) == kept
    file = upload(as_alice, b"words", kept).json()
    assert file["name"] == kept and content(as_alice.get(file["url"])) == b"words"


def test_sizes_are_what_the_limits_say_and_not_a_byte_more(as_alice: Rest, folder: Path) -> None:
    problem(upload(as_alice, b""), 400, "bad_request", "file")
    with override_settings(UPLOAD_BYTES=10, UPLOAD_QUOTA_BYTES=15):
        problem(upload(as_alice, b"x" * 11), 413, "too_large", "file")
        one = upload(as_alice, b"x" * 10)
        assert one.status_code == 201
        problem(upload(as_alice, b"x" * 6), 413, "too_large", "file")
        assert upload(as_alice, b"x" * 5).status_code == 201
        assert as_alice.delete(f"uploads/{one.json()['id']}/").status_code == 204
        assert upload(as_alice, b"x" * 10).status_code == 201, "what is discarded does not count"
    work()
    assert len(stored(folder)) == 2


def test_forms_that_are_none(as_alice: Rest) -> None:
    problem(as_alice.post("uploads/", {"file": "x"}), 415, "unsupported_media_type")
    for form, field in (({}, "file"), ({"file": "words"}, "file")):
        answer = as_alice.ask("POST", "uploads/", encode_multipart(BOUNDARY, form), content_type=MULTIPART_CONTENT)
        problem(answer, 400, "bad_request", field)
    problem(upload(as_alice, b"words", id="seven"), 400, "bad_request", "id")
    problem(upload(as_alice, b"words", more="x"), 400, "bad_request", "more")
    two = {"file": [SimpleUploadedFile("a", b"a"), SimpleUploadedFile("b", b"b")]}
    answer = as_alice.ask("POST", "uploads/", encode_multipart(BOUNDARY, two), content_type=MULTIPART_CONTENT)
    problem(answer, 400, "bad_request", "file")


@pytest.mark.parametrize(
    ("asked", "status", "given"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=10-", 416, None),
        ("bytes=4-2", 416, None),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
def test_parts_are_given(as_alice: Rest, asked: str, status: int, given: bytes | None) -> None:
    file = upload(as_alice, b"0123456789").json()
    answer = as_alice.ask("GET", file["url"], headers={"Range": asked})
    assert answer.status_code == status
    if given is not None:
        assert content(answer) == given and answer.headers["Content-Length"] == str(len(given))


def test_nginx_may_send_it(as_alice: Rest) -> None:
    file = upload(as_alice, b"words").json()
    with override_settings(FILES_ACCEL="/files/"):
        answer = as_alice.get(file["url"])
    row = Upload.objects.get(pk=file["id"])
    assert answer.headers["X-Accel-Redirect"] == f"/files/{row.key}" and answer.content == b""


def test_a_deleted_message_takes_its_files_with_it(as_alice: Rest, as_bob: Rest, room: Room, folder: Path) -> None:
    file = upload(as_alice, pictures.picture((900, 900))).json()
    message = send(as_alice, room, file).json()
    work()
    with agreeing() as events:
        assert as_alice.delete(f"messages/{message['id']}/").status_code == 204
    assert events[-1]["type"] == "message.deleted"
    problem(as_bob.get(file["url"]), 404, "not_found")
    log = as_bob.get(f"rooms/{room.pk}/events/", after=0, wait=0).content
    assert file["id"].encode() not in log, "no replay names it"
    work()
    assert stored(folder) == [] and not Upload.objects.exists()


def test_what_is_never_sent_is_swept_after_a_day(as_alice: Rest, room: Room, folder: Path) -> None:
    forgotten, sent = (upload(as_alice, b"words").json() for _ in range(2))
    send(as_alice, room, sent)
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    sweep()
    work()
    assert [str(each.pk) for each in Upload.objects.all()] == [sent["id"]] and len(stored(folder)) == 1
    problem(as_alice.get(forgotten["url"]), 404, "not_found")


def test_a_task_that_was_cut_is_done_again(as_alice: Rest, folder: Path) -> None:
    file = upload(as_alice, pictures.picture((900, 900))).json()
    row = Upload.objects.get(pk=file["id"])
    (folder / f"{row.key}-image").write_bytes(b"half of i")
    work()
    assert content(as_alice.get(file["url"])).startswith(b"\x89PNG")
    assert len(stored(folder)) == 2 and not BackgroundTask.objects.exclude(status="SUCCESSFUL").exists()


def test_what_was_discarded_may_be_sent_again_under_the_same_id(as_alice: Rest) -> None:
    client_id = str(uuid.uuid4())
    first = upload(as_alice, b"once", id=client_id).json()
    assert as_alice.delete(f"uploads/{first['id']}/").status_code == 204
    again = upload(as_alice, b"again", id=client_id)
    assert (again.status_code, again.json()["id"] != first["id"]) == (201, True)

"""`POST uploads/`, `GET uploads/{id}/{name}`, and what is sent with a message."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from chat.models import BackgroundTask, Room, Upload, User
from chat.operations.files.tasks import sweep
from chat.operations.membership import remove_member
from tests.api.uploads.tools import content, send, stored, upload, work
from tests.support import pdfs, pictures
from tests.support.rest import Rest, problem
from tests.support.snapshot import agreeing


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


def test_a_pdf_shows_its_first_page_and_is_read_in_place(as_alice: Rest, as_bob: Rest, room: Room) -> None:
    plan = pdfs.paper(pages=3000)
    file = upload(as_alice, plan, "plan.pdf").json()
    assert (file["type"], file["ready"], file["thumbnail"], file["pages"]) == ("application/pdf", False, None, None)
    message = send(as_alice, room, file).json()
    answer = as_bob.get(file["url"])
    assert content(answer) == plan, "nobody waits for its thumbnail"
    assert answer.headers["Content-Disposition"] == 'inline; filename="plan.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with agreeing() as events:
        work()
    assert [event["type"] for event in events] == ["attachment.ready"]
    (now,) = as_bob.get(f"messages/{message['id']}/").json()["attachments"]
    assert (now["ready"], now["pages"]) == (True, 3000)
    page = Image.open(io.BytesIO(content(as_bob.get(f"thumbnails/{file['id']}/")))).convert("RGB")
    assert page.size == (1018, 1440) and page.getpixel((400, 700))[1:] == pytest.approx((128, 128), abs=4)  # type: ignore[index]


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

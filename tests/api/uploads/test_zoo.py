"""Files that are not what they seem, or more than may be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image

from chat.models import Room
from chat.operations.files import pdfs as drawing
from chat.operations.files.names import safe_name
from chat.operations.files.pdf_renderer import PAGE_PIXELS
from tests.api.uploads.tools import content, send, stored, upload, work
from tests.support import pdfs, pictures
from tests.support.rest import Rest, problem
from tests.support.snapshot import agreeing

ZOO: list[tuple[str, bytes, str]] = [
    # Name, content, and the type that it is given.
    ("page.html", b"<!DOCTYPE html><script>alert(1)</script>", "text/plain"),
    ("image.png", b"<html><script>alert(1)</script></html>", "text/plain"),
    ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "text/plain"),
    ("script.js", b"alert(1)", "text/plain"),
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


PDFS = {
    "its beginning alone": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "with a password": pdfs.encrypted(),
    "that wants all memory": pdfs.bomb(),
    "that takes for ever": pdfs.laughs(),
}


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_that_cannot_be_drawn_is_a_file(
    as_alice: Rest, room: Room, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if "for ever" in name:
        monkeypatch.setattr(drawing, "SECONDS", 0.5)
    file = upload(as_alice, PDFS[name], "paper.pdf").json()
    send(as_alice, room, file)
    assert content(as_alice.get(file["url"])) == PDFS[name], "nobody waits for its thumbnail"
    with agreeing() as events:
        work()
    shown = events[0]["data"]["attachment"]
    assert shown == file | {"ready": True} and (shown["thumbnail"], shown["pages"]) == (None, None)
    assert content(as_alice.get(file["url"])) == PDFS[name] and len(stored(folder)) == 1


@pytest.mark.parametrize("box", [b"0 0 1e30 1e30", b"0 0 0.0001 14400"])
def test_a_page_of_any_size_is_drawn_small(as_alice: Rest, box: bytes) -> None:
    file = upload(as_alice, pdfs.paper(box=box)).json()
    work()
    with Image.open(io.BytesIO(content(as_alice.get(f"thumbnails/{file['id']}/")))) as image:
        assert max(image.size) == PAGE_PIXELS


def test_a_pdf_that_is_a_page_too_stays_a_pdf(as_alice: Rest) -> None:
    page = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n" + pdfs.paper()
    file = upload(as_alice, page, "both.html").json()
    work()
    answer = as_alice.get(file["url"])
    assert answer.headers["Content-Type"] == file["type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and content(answer) == page
    other = upload(as_alice, page[9:], "both.pdf").json()
    assert other["type"] == "application/octet-stream", "what begins as a page is saved"


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


def test_a_name_is_made_safe_on_its_way_in(as_alice: Rest) -> None:
    for name, kept in (("con.txt", "_con.txt"), ("invoice\u202efdp.exe", "invoicefdp.exe"), ("a<b>.txt", "a_b_.txt")):
        assert upload(as_alice, b"words", name).json()["name"] == kept

"""Members of an archive that are damaged, or lie: each fails alone, with a line that names it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from chat.models import Message, Upload
from tests.management.test_import_slack_broken import complaints
from tests.support import pictures
from tests.support.slack import export, general, said

pytestmark = pytest.mark.django_db

NAME = "__uploads/F1/bad.bin"
FLAGS, METHOD, CRC, SIZE = 8, 10, 16, 24
"""Where they stand in an entry of the central directory (APPNOTE.TXT, 4.3.12)."""


def tampered(at: int, value: bytes) -> Callable[[Path], None]:
    """Changes what the directory of the archive says of NAME."""

    def tamper(path: Path) -> None:
        data = bytearray(path.read_bytes())
        entry = data.rindex(NAME.encode()) - 46
        assert data[entry : entry + 4] == b"PK\x01\x02"
        data[entry + at : entry + at + len(value)] = value
        path.write_bytes(data)

    return tamper


def damaged(path: Path) -> None:
    with zipfile.ZipFile(path) as whole:
        start = whole.getinfo(NAME).header_offset + 30 + len(NAME)
    data = bytearray(path.read_bytes())
    data[start + 2 : start + 12] = b"\xff" * 10
    path.write_bytes(data)


WORDS = b"word " * 1_000
ZOO: list[tuple[str, bytes, Callable[[Path], None] | None, str]] = [
    # What it is, its bytes, what is done to the archive, and what is said of it.
    ("empty", b"", None, "file is empty"),
    ("bomb", b"\0" * 50_000_000, None, "larger than 1 MiB"),
    ("image bomb", pictures.bomb(), None, "an image has at most 40,000,000 pixels"),
    ("encrypted", WORDS, tampered(FLAGS, b"\x01\x00"), "encrypted"),
    ("of a kind of compression that is none", WORDS, tampered(METHOD, b"\x63\x00"), "damaged: "),
    ("by LZMA that is none", WORDS, tampered(METHOD, b"\x0e\x00"), "damaged: "),
    ("by BZIP2 that is none", WORDS, tampered(METHOD, b"\x0c\x00"), "damaged: "),
    ("says that it is smaller", WORDS, tampered(SIZE, struct.pack("<I", 7)), "damaged: "),
    ("says that it is larger", WORDS, tampered(SIZE, struct.pack("<I", 1 << 31)), "damaged: "),
    ("has another sum", WORDS, tampered(CRC, b"\0\0\0\0"), "damaged: "),
    ("patched data", WORDS, tampered(FLAGS, b"\x20\x00"), "damaged: "),
    ("broken", WORDS, damaged, "damaged: "),
]


@pytest.fixture(autouse=True)
def limited(tmp_path: Path) -> Any:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    with override_settings(UPLOAD_BYTES=1024 * 1024, STORAGES=settings.STORAGES | {"files": files}):
        yield


@pytest.mark.parametrize(("data", "tamper", "complaint"), [row[1:] for row in ZOO], ids=[row[0] for row in ZOO])
def test_a_bad_file_fails_alone(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    data: bytes,
    tamper: Callable[[Path], None] | None,
    complaint: str,
) -> None:
    entries = [
        said(1, "U1", "before", files=[{"id": "F2", "name": "good.txt"}]),
        said(2, "U1", "", files=[{"id": "F1", "name": "bad.bin", "url_private": "https://files.example/bad"}]),
        said(3, "U1", "after", files=[{"id": "F1", "name": "bad.bin"}, {"id": "F3", "name": "good.txt"}]),
    ]
    members = {"__uploads/F2/good.txt": "good", "__uploads/F3/good.txt": "good", NAME: data}
    path = export(tmp_path / "export.zip", general(*entries) | members)
    if tamper is not None:
        tamper(path)
    lines = complaints(path, capsys)
    assert len(lines) == 2
    assert all(line.startswith(f"{NAME}: {complaint}") and len(line) < 300 for line in lines)
    messages = Message.objects.order_by("seq")
    assert [message.body for message in messages] == [
        "before",
        "[bad.bin](<https://files.example/bad>)",
        "after\nbad.bin",
    ]
    assert [upload.name for upload in Upload.objects.all()] == ["good.txt", "good.txt"]


def test_a_report_says_no_more_than_a_terminal_can_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[2J" + "x" * 1_000
    sent = said(1, "U1", "look", files=[{"id": "F1", "name": name}])
    path = export(tmp_path / "export.zip", general(sent) | {f"__uploads/F1/{name}": b""})
    (line,) = complaints(path, capsys)
    assert line.startswith("__uploads/F1/\ufffd[2Jxxx") and line.endswith("x…: file is empty") and len(line) < 300

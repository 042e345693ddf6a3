"""Archives that are damaged, wrong or hostile: the place is named, the rest imported."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chat.management.slack import archive
from chat.models import Message
from tests.support.slack import channel, export, said

pytestmark = pytest.mark.django_db

GOOD = [said(1, "U1", "good")]
ROOMS = [channel("C1", "general", ["U1", "U2"])]


def complaints(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What an import that must fail writes to standard error."""
    with pytest.raises(CommandError, match="named above; the rest is imported"):
        call_command("import_slack", str(path))
    return capsys.readouterr().err.splitlines()


def bodies() -> set[str]:
    return set(Message.objects.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"type": "message", "user": "U1", "text": "x"}, 'no "ts"'),
        (said(2, "U1", "x") | {"ts": "yesterday"}, "\"ts\" is 'yesterday', not a time"),
        (said(2, "U1", "x") | {"ts": "99999999999999999999.1"}, "\"ts\" is '99999999999999999999.1', not a time"),
        (said(2, "U1", "x") | {"ts": 1e400}, "\"ts\" is 'inf', not a time"),
        ({"type": "message", "text": "x", "ts": "1600000002.000000"}, 'no "user" and no "bot_id"'),
        (said(2, "U1", "x") | {"text": ["x"]}, '"text" is not a text'),
        (said(2, "U1", "x") | {"type": "reaction"}, "type 'reaction', not a message"),
        (said(2, "U1", "x", edited={"ts": {}}), "\"edited.ts\" is '{}', not a time"),
        ("x", "not an object"),
        (None, "not an object"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: Any, complaint: str) -> None:
    days = [said(0, "U1", "before"), entry, said(3, "U2", "after")]
    path = export(tmp_path / "export.zip", {"channels.json": ROOMS, "general/2012-02-06.json": days})
    assert complaints(path, capsys) == [f"general/2012-02-06.json: entry 2: {complaint}"]
    assert bodies() == {"before", "after"}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[{"type": "message",\n "text"', "line 2, column 8: Expecting ':' delimiter"),
        ("", "line 1, column 1: Expecting value"),
        ('{"messages": []}', "a list was expected"),
        (b'["\xff"]', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[" + "9" * 10_000 + "]", "no JSON"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, complaint: str) -> None:
    files = {"channels.json": ROOMS, "general/a.json": content, "general/b.json": GOOD}
    (line,) = complaints(export(tmp_path / "export.zip", files), capsys)
    assert line.startswith(f"general/a.json: {complaint}")
    assert bodies() == {"good"}


def test_a_damaged_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"channels.json": ROOMS, "general/a.json": [said(5, "U1", "damaged " * 50)], "general/b.json": GOOD}
    path = export(tmp_path / "export.zip", files)
    with zipfile.ZipFile(path) as whole:
        start = whole.getinfo("general/a.json").header_offset + len("general/a.json") + 30
    data = bytearray(path.read_bytes())
    data[start + 10 : start + 40] = b"\x00" * 30
    path.write_bytes(data)
    (line,) = complaints(path, capsys)
    assert line.startswith("general/a.json: damaged: ")
    assert bodies() == {"good"}


def test_a_bomb_is_not_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FILE_BYTES", 1024 * 1024)
    bomb = "[" + " " * 30 * 1024 * 1024 + "]"
    path = export(tmp_path / "export.zip", {"channels.json": ROOMS, "general/a.json": bomb, "general/b.json": GOOD})
    assert path.stat().st_size < 100_000
    assert complaints(path, capsys) == ["general/a.json: larger than 1 MiB"]
    assert bodies() == {"good"}


def test_a_broken_day_can_be_brought_in_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"channels.json": ROOMS, "general/a.json": "[", "general/b.json": GOOD}
    complaints(export(tmp_path / "export.zip", files), capsys)
    files["general/a.json"] = [said(0.5, "U2", "repaired")]
    call_command("import_slack", str(export(tmp_path / "export.zip", files)))
    assert sorted(Message.objects.values_list("body", flat=True)) == ["good", "repaired"]


def test_without_lists_what_can_be_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "users.json": None,
        "channels.json": [*ROOMS, {"name": "x"}, 7],
        "general/a.json": GOOD,
        "lost/a.json": GOOD,
    }
    assert complaints(export(tmp_path / "export.zip", files), capsys) == [
        "users.json: missing",
        'channels.json: entry 2: no "id"',
        "channels.json: entry 3: not an object",
        "lost/: in no list of rooms, left out",
    ]
    assert bodies() == {"good"}
    assert Message.objects.get().sender.username == "U1"


def test_a_folder_around_the_export_does_no_harm(tmp_path: Path) -> None:
    files = {"users.json": None, "my export/users.json": [], "my export/channels.json": ROOMS}
    files |= {"my export/general/a.json": GOOD, "__MACOSX/general/a.json": "x", "../general/a.json": "x"}
    call_command("import_slack", str(export(tmp_path / "export.zip", files)))
    assert bodies() == {"good"}


@pytest.mark.parametrize("content", [b"", b"PK not really", json.dumps(GOOD).encode()])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"export\.zip: "):
        call_command("import_slack", str(path))


def test_a_zip_file_of_something_else_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as other:
        other.writestr("holiday.jpg", b"")
    path = tmp_path / "export.zip"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(CommandError, match="this is no Slack export"):
        call_command("import_slack", str(path))

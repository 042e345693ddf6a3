"""Files of an export: attached where the archive has them, told of where it has only their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from chat.models import Message, Upload, User
from chat.operations.files.names import safe_name
from chat.operations.importing import batch
from chat.operations.search.asking import wanted
from chat.operations.search.finding import search
from tests.api.uploads.tools import stored, work
from tests.support import pictures
from tests.support.slack import export, general, said, ts
from tests.support.snapshot import agreeing

pytestmark = pytest.mark.django_db

URL = "https://files.slack.com/files-pri/T1-F1/notes.txt"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where files are kept."""
    folder = tmp_path / "files"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    with override_settings(STORAGES=settings.STORAGES | {"files": files}):
        yield folder


def file(key: Any = "F1", name: Any = "notes.txt", **fields: Any) -> dict[str, Any]:
    return {"id": key, "name": name, "mimetype": "text/html", "size": 5, "url_private": URL} | fields


def names(message: Message) -> list[str]:
    return [each["name"] for each in message.attachments or []]


def test_files_in_the_archive_are_attached(bring: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent = said(1, "U1", "*look*", files=[file(), file("F2", "b.jpg", mimetype="text/plain")])
    picture = pictures.with_metadata()
    with agreeing():
        bring(general(sent) | {"__uploads/F1/notes.txt": "Notes", "__uploads/F2/b.jpg": picture})
    message = Message.objects.get()
    notes, image = message.uploads.order_by("size")
    ada = User.objects.get(username="ada")
    assert (message.body, names(message)) == ("**look**", ["notes.txt", "b.jpg"])
    assert (notes.owner, notes.name, notes.type, notes.size, notes.ready) == (ada, "notes.txt", "text/plain", 5, True)
    assert (image.type, image.ready, image.room_id) == ("image/jpeg", False, message.room_id)
    assert (folder / notes.key).read_text() == "Notes"
    assert "\n2 files\n" in capsys.readouterr().out
    with agreeing() as events:
        work()
    assert [event["type"] for event in events] == ["attachment.ready"]
    image.refresh_from_db()
    assert (image.ready, image.width, image.height) == (True, 30, 40)


def test_what_is_only_told_of_becomes_a_link(bring: Any) -> None:
    files = [file(), file("F2", "[a]*b*.txt", url_private="javascript:alert(1)"), file("F3", None, permalink=URL)]
    bring(general(said(1, "U1", "&gt; look", files=files)))
    message = Message.objects.get()
    assert message.body == f"> look\n\n[notes.txt](<{URL}>)\n\\[a]\\_b\\_.txt\n[a file](<{URL}>)"
    assert message.html.count("<a ") == 2 and "</blockquote>" in message.html.partition("notes.txt")[0]
    assert (message.attachments, Upload.objects.exists()) == (None, False)


def test_a_message_may_be_files_alone(bring: Any) -> None:
    bring(
        general(said(1, "U1", "", files=[file()]), said(2, "U1", "", files=[file("F2")]), said(3, "U2", "", files=[]))
    )
    assert list(Message.objects.order_by("seq").values_list("body", flat=True)) == [f"[notes.txt](<{URL}>)"] * 2
    bring(general(said(4, "U2", "", files=[file()])) | {"__uploads/F1/notes.txt": "Notes"})
    message = Message.objects.latest("seq")
    assert (message.body, message.html, names(message)) == ("", "", ["notes.txt"])


def test_replies_have_files(bring: Any) -> None:
    entries = [said(1, "U1", "root", thread_ts=ts(1)), said(2, "U2", "", thread_ts=ts(1), files=[file()])]
    with agreeing() as events:
        bring(general(*entries) | {"__uploads/F1/notes.txt": "Notes"})
    (reply,) = Message.objects.exclude(thread=None)
    assert names(reply) == ["notes.txt"]
    told = [event["data"] for event in events if event["type"] == "message.posted"]
    assert told[1]["attachments"] == reply.attachments


def test_a_file_that_is_not_called_as_told_is_found_by_its_id(bring: Any) -> None:
    entries = [
        said(1, "U1", "", files=[file()]),
        said(2, "U1", "", files=[file("F2")]),
        said(3, "U1", "", files=[file("")]),
    ]
    bring(general(*entries) | {"__uploads/F1/x.txt": "1", "__uploads/F2/y.txt": "2", "__uploads/F2/z.txt": "3"})
    assert [names(message) for message in Message.objects.order_by("seq")] == [["notes.txt"], [], []]


def test_more_files_than_a_message_may_have(bring: Any) -> None:
    numbers = range(12)
    members = {f"__uploads/F{number}/{number}.txt": f"{number}" for number in numbers}
    bring(general(said(1, "U1", "many", files=[file(f"F{n}", f"{n}.txt") for n in numbers])) | members)
    message = Message.objects.get()
    assert names(message) == [f"{number}.txt" for number in range(10)]
    assert message.body == f"many\n[10.txt](<{URL}>)\n[11.txt](<{URL}>)"


def test_files_are_found_by_their_names(bring: Any) -> None:
    files = {"__uploads/F1/harbour.txt": "x", "__uploads/F2/other.txt": "x"}
    bring(general(said(1, "U1", "", files=[file("F1", "harbour.txt")]), said(2, "U1", "words")) | files)
    ada = User.objects.get(username="ada")
    for query in ("harbour", "has:file"):
        (hit,) = search(ada, wanted(ada, query), order="newest", limit=20).hits
        assert names(hit.message) == ["harbour.txt"]


@override_settings(UPLOAD_QUOTA_BYTES=3)
def test_the_quota_is_not_for_what_was_sent_before(bring: Any) -> None:
    bring(general(said(1, "U1", "", files=[file()])) | {"__uploads/F1/notes.txt": "Notes"})
    assert names(Message.objects.get()) == ["notes.txt"]


def archive(tmp_path: Path) -> str:
    entries = [said(n, "U1", "", files=[file(f"F{n}"), file(f"F{n}", "other.txt")]) for n in range(4)]
    members = {f"__uploads/F{n}/{name}": f"{n}" for n in range(4) for name in ("notes.txt", "other.txt")}
    return str(export(tmp_path / "export.zip", general(*entries) | members))


def test_a_second_import_doubles_nothing(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = archive(tmp_path)
    call_command("import_slack", path)
    before = list(Upload.objects.order_by("pk").values())
    assert (len(before), len(stored(folder))) == (8, 8)
    capsys.readouterr()
    with agreeing() as events:
        call_command("import_slack", path)
    assert (events, list(Upload.objects.order_by("pk").values()), len(stored(folder))) == ([], before, 8)
    assert "files" not in capsys.readouterr().out


def test_an_import_that_was_stopped_goes_on(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path)

    def stop(self: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(batch.Batch, "write", stop)
        with pytest.raises(CommandError, match="run it again"):
            call_command("import_slack", path)
    assert (Message.objects.count(), Upload.objects.filter(message=None).count()) == (0, 8)
    call_command("import_slack", path)
    assert [names(message) for message in Message.objects.order_by("seq")] == [["notes.txt", "other.txt"]] * 4
    assert (Upload.objects.count(), Upload.objects.filter(message=None).count(), len(stored(folder))) == (8, 0, 8)


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd", "/etc/passwd", "..\\..\\x.txt", "a\x00b.txt", "x" * 10_000 + ".txt", "evil\u202egpj.exe",
        "CON", "<img src=x onerror=alert(1)>.txt", "a\nb", "half \ud800 pair", ".", "..", " ", "__uploads/F1/notes.txt",
    ],
)  # fmt: skip
@pytest.mark.parametrize("there", [True, False])
def test_hostile_names(bring: Any, folder: Path, tmp_path: Path, name: str, there: bool) -> None:
    members = {
        "__uploads/F1/notes.txt": "Notes",
        "../../outside": "x",
        "__uploads/F1/../../up": "x",
        "/__uploads/F1/x": "x",
    }
    bring(general(said(1, "U1", "look", files=[file(name=name)])) | (members if there else {}))
    message = Message.objects.get()
    shown = safe_name(name) if name.strip() else "notes.txt"
    assert len(shown) <= 120 and shown.isprintable()
    if there:
        assert names(message) == [shown]
        assert [path.name for path in stored(folder)] == [message.uploads.get().pk.hex]
        assert {path.name for path in tmp_path.iterdir()} == {"export.zip", "files"}
    else:
        assert message.body.startswith("look\n[") and len(message.body) < 400 and "<img" not in message.html


@pytest.mark.parametrize(
    "files", [7, None, {}, [None], ["x"], [{}], [[]], [{"id": ["F1"], "name": {}, "url_private": 1}]]
)
def test_what_is_no_file_harms_nothing(bring: Any, files: Any) -> None:
    bring(general(said(1, "U1", "look", files=files)) | {"__uploads/F1/notes.txt": "Notes"})
    assert Message.objects.get().body.partition("\n")[0] == "look"

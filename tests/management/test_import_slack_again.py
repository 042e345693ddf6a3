"""Imports that are repeated, stopped, killed, continued."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from chat.management.slack import transfer
from chat.models import Event, Imported, Membership, Message, Room, Stream, ThreadFollower, Upload, User
from chat.operations.membership import leave_room, mark_read
from tests.support import stores
from tests.support.slack import channel, export, joined, left, said, ts

FILE_EVERY = 30
"""Entries."""


def talk(count: int) -> dict[str, Any]:
    """One room; people come, talk, answer, react, send files and go over `count` entries in many days."""
    entries: list[dict[str, Any]] = []
    for number in range(count):
        user = ("U1", "U2", "U3")[number % 3]
        if number % 40 == 7:
            entries.append(left(number, "U3"))
        elif number % 40 == 21:
            entries.append(joined(number, "U3"))
        elif number % 5 == 4:
            entries.append(said(number, user, f"answer {number}", thread_ts=ts(number - number % 10)))
        else:
            files = [{"id": f"F{number}", "name": "x.txt"}] if number % FILE_EVERY == 0 else []
            tada = [{"name": "tada", "users": ["U1", "U3"]}]
            entries.append(
                said(number, user, f"*number* {number} <@U1>", thread_ts=ts(number), reactions=tada, files=files)
            )
    days = [entries[start : start + 50] for start in range(0, count, 50)]
    return {
        "channels.json": [channel("C1", "general", ["U1", "U2", "U3"])],
        **{f"general/day-{number:04}.json": day for number, day in enumerate(days)},
        **{f"__uploads/F{number}/x.txt": f"{number}" for number in range(0, count, FILE_EVERY)},
    }


def everything() -> dict[str, Any]:
    """All that an import leaves, in a form that does not depend on when it ran."""
    return {
        "streams": list(Stream.objects.order_by("pk").values_list("kind", "head")),
        "users": list(User.objects.order_by("username").values_list("username", "email", "is_active")),
        "messages": list(
            Message.objects.order_by("seq").values_list(
                "seq", "client_id", "body", "html", "reply_to", "thread", "thread_replies", "reactions", "created_at"
            )
        ),
        "uploads": list(Upload.objects.order_by("message__seq").values_list("message__seq", "client_id", "size")),
        "followers": list(
            ThreadFollower.objects.order_by("root", "user").values_list("root__seq", "user__username", "read_seq")
        ),
        "stays": list(
            Membership.objects.order_by("joined_seq").values_list(
                "user__username", "joined_seq", "left_seq", "read_seq"
            )
        ),
        "events": list(
            Event.objects.filter(stream__kind="room").order_by("seq").values_list("seq", "type", "at", "payload")
        ),
        "told": list(Event.objects.filter(stream__kind="user").order_by("stream", "seq").values_list("type", "seq")),
    }


@pytest.mark.django_db
def test_a_second_import_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = export(tmp_path / "export.zip", talk(200))
    call_command("import_slack", str(path))
    before = everything()
    assert len(before["messages"]) > 150
    call_command("import_slack", str(path))
    assert everything() == before
    assert f"{len(before['messages'])} messages were here already" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("batches", [0, 1, 4, 9])
def test_an_import_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    path = export(tmp_path / "export.zip", talk(200))
    monkeypatch.setattr(transfer, "BATCH", 17)
    add, done = transfer.History.add, 0

    def stop(self: Any, items: Any) -> None:
        nonlocal done
        if done == batches:
            raise KeyboardInterrupt
        done += 1
        add(self, items)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(transfer.History, "add", stop)
        with pytest.raises(CommandError, match="run it again"):
            call_command("import_slack", str(path))
    assert Message.objects.count() < 17 * (batches + 1)
    call_command("import_slack", str(path))
    stopped = everything()

    for model in (Event, Message, Membership, Imported, Room, User):
        model.objects.all().delete()
    call_command("import_slack", str(path))
    whole = everything()
    assert [row[:3] for row in stopped["messages"]] == [row[:3] for row in whole["messages"]]
    assert stopped["stays"] == whole["stays"]
    assert stopped["followers"] == whole["followers"] != []
    assert stopped["uploads"] == whole["uploads"] != []


@pytest.mark.django_db
def test_a_newer_export_adds_what_is_new(tmp_path: Path) -> None:
    call_command("import_slack", str(export(tmp_path / "old.zip", talk(100))))
    ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
    room = Room.objects.get()
    mark_read(user=bob, room_id=room.pk, seq=3, unread=True)
    leave_room(actor=User.objects.get(username="chen"), room_id=room.pk)
    call_command("import_slack", str(export(tmp_path / "new.zip", talk(150))))
    numbers = list(Message.objects.order_by("seq").values_list("seq", flat=True))
    assert len(numbers) == len(set(numbers)) == Message.objects.values("client_id").distinct().count() > 100
    room = Room.objects.get()
    live = Membership.objects.live().filter(room=room)
    assert live.get(user=ada).read_seq == room.stream.head, "who had read everything has still"
    assert live.get(user=bob).read_seq == 3, "who had not, has not"


def messages(env: dict[str, str]) -> int:
    return count(env, "chat_message")


def count(env: dict[str, str], table: str) -> int:
    """How many rows a server's database holds."""
    query = f"SELECT count(*) FROM {table}"
    if "DATABASE_URL" in env:
        with psycopg.connect(env["DATABASE_URL"]) as postgres:
            return int(postgres.execute(query).fetchone()[0])  # type: ignore[index]
    with closing(sqlite3.connect(Path(env["PARLEY_DATA"]) / "parley.sqlite3")) as sqlite:
        return int(sqlite.execute(query).fetchone()[0])


def test_an_import_that_was_killed_goes_on(tmp_path: Path) -> None:
    """A real process, SIGKILL in the middle, and the database as it lay there."""
    path = export(tmp_path / "export.zip", talk(4_000))
    env = stores.furnish(tmp_path / "data")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_slack", str(path)], cwd=stores.ROOT, env=env, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not messages(env) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.wait()
    killed_at = messages(env)
    stores.manage("import_slack", str(path), env=env)
    assert messages(env) == 4_000 - 2 * (4_000 // 40)
    assert killed_at
    sent = count(env, "chat_upload WHERE message_id IS NOT NULL")
    assert sent == count(env, "chat_upload") == len(range(0, 4_000, FILE_EVERY))
    output = stores.manage("import_slack", str(path), env=env)
    assert output.startswith("0 messages")

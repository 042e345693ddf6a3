"""One stuck room slows no other: what somebody else's transaction holds is put off, the rest is stored."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from chat.models import Event, Message, Room, User
from chat.operations import drafts, posting
from chat.operations.rooms import create_room, update_room
from chat.protocol.errors import Forbidden, Unavailable
from chat.streams import committing, writer
from chat.streams.writer import Writer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock for all rooms"),
]

TABLES = ["chat_stream", "chat_room"]


@pytest.fixture
def other_room(alice: User, bob: User) -> Room:
    return create_room(actor=alice, name="Other", kind=Room.Kind.PRIVATE, members=[bob.pk])


@contextlib.contextmanager
def held(table: str, room: Room) -> Iterator[Callable[[], None]]:
    """Somebody's transaction holds this room's row in `table`, until it is let go."""
    holding, go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [room.pk])
            holding.set()
            go.wait(30)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(30)
    try:
        yield go.set
    finally:
        go.set()
        thread.join()


def say(thread: Writer, sender: User, room: Room, body: str) -> Future[Any]:
    draft = drafts.draft(sender_id=sender.pk, room_id=room.pk, client_id=uuid.uuid4(), body=body)
    future: Future[Any] = Future()
    thread._put(writer._Item(posting.commit_posts, draft, partial(writer._settle, future), None))
    return future


def operate(thread: Writer, actor: User, room: Room) -> Future[Any]:
    """Something other than a post: a transaction of its own."""
    future: Future[Any] = Future()
    call = partial(update_room, actor=actor, room_id=room.pk, topic="waited")
    thread._put(writer._Item(writer.each, call, partial(writer._settle, future), None))
    return future


@pytest.mark.parametrize("table", TABLES)
def test_the_other_rooms_go_on(
    start_writer: Callable[[], Writer], alice: User, room: Room, other_room: Room, table: str
) -> None:
    thread = start_writer()
    with held(table, room) as let_go:
        stuck = [say(thread, alice, room, f"stuck {number}") for number in range(3)]
        for number in range(10):
            say(thread, alice, other_room, f"free {number}").result(5)
        later = say(thread, alice, room, "stuck 3")
        assert not any(future.done() for future in [*stuck, later])
        let_go()
        numbers = [future.result(10).seq for future in [*stuck, later]]
    assert numbers == sorted(numbers)
    bodies = list(Message.objects.filter(room=room).order_by("seq").values_list("body", flat=True))
    assert bodies == [f"stuck {number}" for number in range(4)]
    for each in room, other_room:
        logged = list(Event.objects.filter(stream_id=each.pk).order_by("seq").values_list("seq", flat=True))
        assert logged == list(range(1, len(logged) + 1))


def test_what_waits_too_long_is_refused_for_now(
    start_writer: Callable[[], Writer], alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PUT_OFF_SECONDS", 0.2)
    thread = start_writer()
    with held("chat_stream", room), pytest.raises(Unavailable) as refused:
        say(thread, alice, room, "never").result(10)
    assert refused.value.retry_after
    assert not Message.objects.filter(body="never").exists()


def test_other_operations_wait_beside_the_posts(
    start_writer: Callable[[], Writer], alice: User, room: Room, other_room: Room
) -> None:
    thread = start_writer()
    with held("chat_stream", room) as let_go:
        renamed = operate(thread, alice, room)
        for number in range(5):
            say(thread, alice, other_room, f"free {number}").result(5)
        assert not renamed.done()
        let_go()
        renamed.result(10)
    room.refresh_from_db()
    assert room.topic == "waited"


def test_one_operation_that_waits_fails_no_other(
    start_writer: Callable[[], Writer], alice: User, room: Room, other_room: Room
) -> None:
    thread = start_writer()
    with held("chat_stream", room) as let_go, held("chat_stream", other_room) as let_other_go:
        busy = operate(thread, alice, other_room)  # while this is tried, the next two come, and are taken together
        stuck, free = operate(thread, alice, room), operate(thread, alice, other_room)
        let_other_go()
        busy.result(10)
        free.result(10)
        assert not stuck.done()
        let_go()
        stuck.result(10)


def test_what_is_put_off_counts_as_waiting(
    start_writer: Callable[[], Writer], alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 3)
    thread = start_writer()
    with held("chat_stream", room):
        waiting = [say(thread, alice, room, f"{number}") for number in range(3)]
        with pytest.raises(Unavailable, match="too much"):
            for number in range(3, 10):
                waiting.append(say(thread, alice, room, f"{number}"))
                while thread._waiting.qsize():
                    pass
    for future in waiting:
        future.result(10)


def test_a_connection_goes_back_without_the_bound(
    start_writer: Callable[[], Writer], alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "IDLE_SECONDS", 0.05)
    released = threading.Event()
    bounds: list[str] = []

    def release() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            bounds.append(cursor.fetchone()[0])
        released.set()

    monkeypatch.setattr(writer, "release_connection", release)
    say(start_writer(), alice, room, "one").result(10)
    assert released.wait(10)
    assert bounds[0] == "0"


def test_a_writer_that_ends_leaves_no_bound_behind(
    start_writer: Callable[[], Writer], alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[str] = []

    class Connections(dict[str, Any]):
        def __getitem__(self, alias: str) -> Any:
            return Ending(connections[alias])

    class Ending:
        def __init__(self, connection: Any) -> None:
            self.connection = connection

        def close(self) -> None:
            with self.connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                bounds.append(cursor.fetchone()[0])
            self.connection.close()

    monkeypatch.setattr(writer, "connections", Connections())
    thread = start_writer()
    say(thread, alice, room, "one").result(10)
    assert thread.drain(10)
    assert bounds == ["0"]


@pytest.mark.django_db(transaction=True)
def test_a_connection_on_which_something_failed_goes_back_without_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds: list[str] = []

    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        raise Forbidden("not this")

    def goes_back() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            bounds.append(cursor.fetchone()[0])

    connection.close()
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "close_if_unusable_or_obsolete", goes_back)
    (outcome,) = committing.outcomes_of(committing.one, [fail])
    assert isinstance(outcome, Forbidden)
    assert bounds == ["0"]

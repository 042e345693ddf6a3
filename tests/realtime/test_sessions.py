"""Single sockets from within, mostly while they are still catching up. In this process, with its own hub."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.models import Login, Room, User
from chat.operations import messages
from chat.operations.credentials import Identity
from chat.operations.logins import end_login, start_login
from chat.operations.membership import add_member, remove_member
from chat.operations.posting import post_message
from chat.operations.rooms import create_room
from chat.protocol.commands import Edit, Resume
from chat.realtime import handlers
from chat.realtime.session import Session
from chat.streams import database, running
from chat.streams.frames import texts_in
from chat.streams.hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)


class Outlet:
    """A reader who takes in what is written only while `reads` is set."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.waits = asyncio.Event()
        self.closed: int | None = None

    def write(self, buffer: bytes) -> None:
        self.frames += map(json.loads, texts_in(buffer))

    async def drained(self) -> None:
        self.waits.set()
        await self.reads.wait()

    def close(self, code: int) -> None:
        self.closed = code

    def buffered(self) -> int:
        return 0

    def go_live(self) -> None:
        pass

    def on_slow(self, callback: Callable[[], None]) -> None:
        pass

    def on_end(self, callback: Callable[[], None]) -> None:
        pass

    def ready(self) -> dict[str, Any]:
        return next(frame for frame in self.frames if frame["op"] == "ready")

    def told(self, type: str) -> bool:
        return any(frame.get("type") == type for frame in self.frames)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    yield await running.hub()
    await running.stop()
    running._retiring = running._draining = False  # this process goes on


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the outlet is plain
            await asyncio.sleep(0.01)


def _two_rooms(alice: User, bob: User) -> tuple[Room, Room, Login]:
    rooms = [create_room(actor=alice, name=name, kind=Room.Kind.PRIVATE, members=[bob.pk]) for name in ("One", "Two")]
    return rooms[0], rooms[1], start_login(user=bob, kind=Login.Kind.TOKEN)


async def _session(hub: Hub, user: User, login: Login) -> tuple[Session, Outlet]:
    outlet = Outlet()
    session = Session(Identity(user, login.pk, datetime.now(UTC) + timedelta(hours=1)), hub, outlet)
    await session.hello({})
    return session, outlet


async def test_who_is_put_out_while_catching_up_hears_nothing_afterwards(hub: Hub, alice: User, bob: User) -> None:
    one, two, login = await database.read(_two_rooms, alice, bob)
    session, outlet = await _session(hub, bob, login)
    resuming = asyncio.create_task(session.resume(Resume(cursors={f"room:{one.pk}": 0})))
    await outlet.waits.wait()
    await database.read(remove_member, actor=None, room_id=two.pk, user_id=bob.pk)
    await _until(lambda: outlet.told("room.removed"))
    outlet.reads.set()
    await resuming
    assert not session.hears(f"room:{two.pk}")
    assert f"room:{two.pk}" not in outlet.ready()["streams"]
    assert [place["id"] for place in outlet.ready()["rooms"]] == [str(one.pk)]
    secret: dict[str, Any] = {"sender": alice, "room_id": two.pk, "client_id": uuid.uuid4(), "body": "he is gone"}
    await database.read(post_message, **secret)
    await _until(lambda: hub.position(f"room:{two.pk}") >= 4)
    assert not outlet.told("message.posted")
    session.cleanup()


async def test_ready_tells_of_a_room_entered_while_catching_up(hub: Hub, alice: User, bob: User) -> None:
    one, two, login = await database.read(_two_rooms, alice, bob)
    await database.read(remove_member, actor=None, room_id=two.pk, user_id=bob.pk)
    session, outlet = await _session(hub, bob, login)
    resuming = asyncio.create_task(session.resume(Resume(cursors={f"room:{one.pk}": 0})))
    await outlet.waits.wait()
    await database.read(add_member, actor=None, room_id=two.pk, user_id=bob.pk)
    await _until(lambda: outlet.told("room.added"))
    outlet.reads.set()
    await resuming
    assert [place["id"] for place in outlet.ready()["rooms"]] == [str(one.pk), str(two.pk)]
    assert session.hears(f"room:{two.pk}")
    session.cleanup()


async def test_put_out_before_a_room_just_entered_is_attached(hub: Hub, alice: User, bob: User) -> None:
    one, two, login = await database.read(_two_rooms, alice, bob)
    await database.read(remove_member, actor=None, room_id=two.pk, user_id=bob.pk)
    session, outlet = await _session(hub, bob, login)
    resuming = asyncio.create_task(session.resume(Resume(cursors={f"room:{one.pk}": 0})))
    await outlet.waits.wait()
    await database.read(add_member, actor=None, room_id=two.pk, user_id=bob.pk)
    await database.read(remove_member, actor=None, room_id=two.pk, user_id=bob.pk)
    await _until(lambda: outlet.told("room.removed"))
    outlet.reads.set()
    await resuming
    await asyncio.sleep(0.1)
    assert not session.hears(f"room:{two.pk}")
    assert f"room:{two.pk}" not in outlet.ready()["streams"]
    session.cleanup()


async def test_nobody_waits_for_the_rendering_of_an_edit(
    hub: Hub, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, login = await database.read(_two_rooms, alice, bob)
    fields: dict[str, Any] = {"sender": bob, "room_id": one.pk, "client_id": uuid.uuid4(), "body": "first"}
    posted = await database.read(post_message, **fields)
    session, _ = await _session(hub, bob, login)
    threads = []
    render = messages.render_here

    def noted(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.current_thread().name)
        return render(*args, **kwargs)

    monkeypatch.setattr(messages, "render_here", noted)
    await handlers.edit(session, Edit(message=str(posted.message_id), body="*second*"))
    assert threads
    assert "writer" not in threads
    session.cleanup()


async def test_renewed_by_a_login_that_has_just_ended(hub: Hub, bob: User) -> None:
    first, second = [await database.read(start_login, user=bob, kind=Login.Kind.TOKEN) for _ in range(2)]
    session, outlet = await _session(hub, bob, first)
    outlet.reads.set()
    await session.resume(Resume())
    renewed = Identity(bob, second.pk, datetime.now(UTC) + timedelta(hours=2))  # read before the login ends
    await database.read(end_login, login_id=second.pk)
    await _until(lambda: outlet.told("access.revoked"))
    assert not session.ended
    session.renew(renewed)
    assert outlet.closed == 4403

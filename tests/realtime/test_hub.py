"""What several who come at once share in the hub. In this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chat.models import Room
from chat.streams import broadcasting, database, delivering, log, publishing, running
from chat.streams import hub as hub_module
from chat.streams.delivering import repair
from chat.streams.feed import EARLY_BATCHES
from chat.streams.frames import text_frame
from chat.streams.hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def write(self, buffer: bytes) -> None:
        self.heard.append(buffer)

    async def drained(self) -> None:
        pass

    def begin_again(self) -> None:
        pass

    def control(self, stream: str, type: str, text: str) -> None:
        pass


def hint_of(name: str, first: int, *texts: str) -> dict[str, Any]:
    return {"type": "stream.events", "stream": name, "first": first, "types": ["x"] * len(texts), "texts": list(texts)}


class Gate:
    """Holds back the reads of one function of the log until it is opened."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.met = asyncio.Event()
        self.open = asyncio.Event()

    async def read(self, function: Callable[..., Any], *args: Any) -> Any:
        if function is self.function:
            self.met.set()
            await self.open.wait()
        return await database_read(function, *args)


database_read = database.read


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    yield await running.hub()
    await running.stop()
    running._retiring = running._draining = False  # this process goes on


async def test_who_goes_does_not_stop_the_opening_that_others_wait_for(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(log.heads)
    monkeypatch.setattr(database, "read", gate.read)
    name = f"room:{room.pk}"
    first, second = [asyncio.create_task(hub.open([(name, room.pk)])) for _ in range(2)]
    await gate.met.wait()
    first.cancel()
    await asyncio.wait([first])
    gate.open.set()
    await second
    assert hub.position(name) == 2


async def test_who_goes_does_not_stop_the_repair_that_others_wait_for(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(log.events_after)
    name = f"room:{room.pk}"
    await hub.open([(name, room.pk)])
    hub._feeds[name].position = 1  # this node has not heard of the second event yet
    monkeypatch.setattr(database, "read", gate.read)
    ears = [Ear(), Ear()]
    first, second = [asyncio.create_task(hub.attach(ear, name, 2)) for ear in ears]
    await gate.met.wait()
    first.cancel()
    await asyncio.wait([first])
    gate.open.set()
    assert await second is None
    assert hub.position(name) == 2


async def test_an_opening_that_fails_fails_all_who_wait_and_leaves_nothing(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(function: Callable[..., Any], *args: Any) -> Any:
        raise ConnectionError("away")

    name = f"room:{room.pk}"
    with monkeypatch.context() as away:
        away.setattr(database, "read", fail)
        opened = await asyncio.gather(*(hub.open([(name, room.pk)]) for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in opened] == [ConnectionError, ConnectionError]
    await hub.open([(name, room.pk)])
    assert hub.position(name) == 2


async def test_behind_a_pruned_part_nothing_is_replayed_from_before_it(hub: Hub, room: Room) -> None:
    name = f"room:{room.pk}"
    await hub.open([(name, room.pk)])
    feed = hub._feeds[name]
    assert feed.take(3, ["x"] * 3, ["3", "4", "5"])
    rows = [(number, "x", str(number)) for number in range(21, 24)]

    def pruned(stream_id: int, seq: int, up_to: int | None, limit: int) -> list[tuple[int, str, str]]:
        return [row for row in rows if row[0] > seq]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "events_after", pruned)
        await repair(feed, "gap")
        assert feed.position == 23
        assert feed.after(20) is not None
        assert feed.after(19) is None


async def test_presence_outlives_the_database_and_a_late_channel_layer(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*args: Any) -> Any:
        raise ConnectionError("away")

    beaten = asyncio.Event()
    monkeypatch.setattr(hub.presence, "beat", beaten.set)
    monkeypatch.setattr(hub_module, "HEAD_CHECK_SECONDS", 0.01)
    with monkeypatch.context() as away:
        away.setattr(hub._layer, "group_add", fail)
        await hub._new_channel()
        away.setattr(hub, "_check_heads", fail)
        house = asyncio.create_task(hub._keep_house())
        async with asyncio.timeout(10):
            await beaten.wait()
    async with asyncio.timeout(10):
        while hub._unjoined:  # noqa: ASYNC110 - a plain set
            await asyncio.sleep(0.01)
    house.cancel()


async def test_who_leaves_and_comes_back_in_the_middle_of_a_delivery_hears_each_event_once(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "TURN_LISTENERS", 1)
    name = f"room:{room.pk}"
    await hub.open([(name, room.pk)])
    ears = [Ear() for _ in range(4)]
    for ear in ears:
        await hub.attach(ear, name, None)
    delivery = asyncio.create_task(hub._handle(hint_of(name, 3, "three")))
    while not ears[0].heard:  # noqa: ASYNC110 - until the first turn
        await asyncio.sleep(0)
    hub.detach(ears[3], name)
    late = Ear()
    await asyncio.gather(hub.attach(ears[3], name, 2), hub.attach(late, name, 2))
    await delivery
    assert [ear.heard for ear in [*ears, late]] == [[text_frame("three")]] * 5


async def test_what_this_process_commits_its_own_sockets_hear_at_once_and_once(hub: Hub, room: Room) -> None:
    name, ear = f"room:{room.pk}", Ear()
    await hub.open([(name, room.pk)])
    await hub.attach(ear, name, None)
    hint = hint_of(name, 3, "three", "four")
    hub._tell([hint])
    assert ear.heard == [text_frame("three") + text_frame("four")], "before anybody else had a turn"
    await hub._handle(hint)  # as it comes back from the group
    assert len(ear.heard) == 1 and hub.position(name) == 4


async def test_what_has_to_wait_for_a_crowd_comes_after_it_in_order(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasting, "TURN_LISTENERS", 1)
    monkeypatch.setattr(publishing, "reaches_others", lambda: False)
    name, ears = f"room:{room.pk}", [Ear() for _ in range(3)]
    await hub.open([(name, room.pk)])
    for ear in ears:
        await hub.attach(ear, name, None)
    hub._tell([hint_of(name, 3, "three"), hint_of(name, 4, "four")])
    assert not ears[0].heard, "a crowd has its turns"
    for ear in ears[1:]:
        hub.detach(ear, name)
    await asyncio.sleep(0)  # the first delivery holds the stream
    hub._tell([hint_of(name, 5, "five")])
    await asyncio.wait(hub._hearing)
    assert ears[0].heard == [text_frame(text) for text in ("three", "four", "five")]


async def test_a_gap_before_what_this_process_commits_is_read_from_the_log(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another node's number 3 is on its way while this one commits number 4."""
    name, ear = f"room:{room.pk}", Ear()
    await hub.open([(name, room.pk)])
    await hub.attach(ear, name, None)

    def rows(stream_id: int, seq: int, up_to: int | None, limit: int) -> list[tuple[int, str, str]]:
        return [row for row in [(3, "x", "three"), (4, "x", "four")] if row[0] > seq]

    monkeypatch.setattr(log, "events_after", rows)
    monkeypatch.setattr(publishing, "reaches_others", lambda: False)
    hub._tell([hint_of(name, 4, "four")])
    assert not ear.heard
    async with asyncio.timeout(10):
        while hub.position(name) < 4:  # noqa: ASYNC110 - a plain number
            await asyncio.sleep(0.01)
    assert b"".join(ear.heard) == text_frame("three") + text_frame("four")


async def test_what_comes_too_early_waits_for_what_lies_before_it_without_a_query(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes that write to one stream tell of it in any order."""
    monkeypatch.setattr(delivering, "GAP_SECONDS", 60.0)  # the log is not asked before that
    name, ear = f"room:{room.pk}", Ear()
    await hub.open([(name, room.pk)])
    await hub.attach(ear, name, None)
    for hint in [(5, "five", "six"), (7, "seven"), (4, "four"), (3, "three")]:
        await hub._handle(hint_of(name, *hint))
    assert b"".join(ear.heard) == b"".join(map(text_frame, ("three", "four", "five", "six", "seven")))
    assert not hub._feeds[name].waits


async def test_no_more_than_some_that_come_too_early_are_kept(
    hub: Hub, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "GAP_SECONDS", 60.0)
    name, ear = f"room:{room.pk}", Ear()
    await hub.open([(name, room.pk)])
    await hub.attach(ear, name, None)
    last = 3 + EARLY_BATCHES
    for number in range(4, last + 2):
        await hub._handle(hint_of(name, number, str(number)))
    await hub._handle(hint_of(name, 3, "3"))
    assert hub.position(name) == last
    assert ear.heard == [text_frame(str(number)) for number in range(3, last + 1)]

"""What waits to be acknowledged."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from parley_client import Closed, Conflict, Entry, Forbidden, Message
from parley_client.outbox import Outbox

ONE, TWO, OTHER = Entry("1", "12", "one"), Entry("2", "12", "two"), Entry("3", "13", "other")


def message(entry: Entry, **changes: Any) -> Message:
    sender = {"id": "3", "username": "ada", "name": "Ada"}
    fields = {"id": "55", "client_id": entry.id, "room": entry.room, "seq": 9, "sender": sender, "body": entry.body}
    return Message.of(fields | {"html": "", "created_at": "2026-11-22T17:00:00.123Z"} | changes)


async def test_each_room_has_its_order() -> None:
    outbox = Outbox()
    for entry in ONE, OTHER, TWO:
        outbox.add(entry)
    assert outbox.rooms() == ["12", "13"]
    assert (outbox.next_in("12"), outbox.next_in("13"), outbox.next_in("14")) == (ONE, OTHER, None)
    outbox.arrived(ONE, "55", 9)
    assert outbox.next_in("12") is TWO


async def test_whoever_waits_hears_that_it_arrived() -> None:
    outbox = Outbox()
    waiting = outbox.add(ONE)
    outbox.arrived(ONE, "55", 9)
    posted = await waiting
    assert (posted.id, posted.seq, posted.room, posted.client_id, posted.body) == ("55", 9, "12", "1", "one")
    assert outbox.entries == []


async def test_it_arrived_when_it_is_seen_in_its_stream() -> None:
    outbox = Outbox()
    waiting = outbox.add(ONE)
    assert not outbox.seen(message(TWO))
    assert not outbox.seen(message(ONE, body="other words"))
    assert outbox.seen(message(ONE))
    assert (await waiting).id == "55"


async def test_whoever_waits_hears_that_it_was_refused() -> None:
    outbox = Outbox()
    waiting = outbox.add(ONE)
    outbox.refused(ONE, Forbidden("forbidden"))
    with pytest.raises(Forbidden):
        await waiting


async def test_the_same_again_waits_for_the_same() -> None:
    outbox = Outbox([ONE])
    first, second = outbox.add(Entry("1", "12", "one")), outbox.add(Entry("1", "12", "one"))
    assert first is second
    assert outbox.entries == [ONE]
    with pytest.raises(Conflict):
        outbox.add(Entry("1", "12", "other words"))


async def test_an_answer_for_an_earlier_one_under_the_same_id_is_not_for_this_one() -> None:
    outbox = Outbox()
    outbox.add(ONE)
    outbox.seen(message(ONE))
    later = Entry("1", "12", "other words")
    waiting = outbox.add(later)
    outbox.arrived(ONE, "55", 9)
    assert outbox.holds(later)
    assert not waiting.done()


async def test_what_nobody_carries_any_more_stays_for_the_store() -> None:
    outbox = Outbox()
    waiting = outbox.add(ONE)
    outbox.abandon(Closed("closed"))
    with pytest.raises(Closed):
        await waiting
    assert outbox.entries == [ONE]


async def test_a_refusal_that_nobody_waits_for_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    outbox = Outbox([ONE])
    outbox.refused(ONE, Forbidden("forbidden", "not yours"))
    assert "not yours" in caplog.text
    waiting = outbox.add(TWO)
    waiting.cancel()
    await asyncio.sleep(0)
    outbox.refused(TWO, Forbidden("forbidden"))
    assert outbox.entries == []

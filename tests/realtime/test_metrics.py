"""What a server counts of its sockets, and what it logs of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.support.cast import Cast
from tests.support.client import Client

Fresh = Callable[..., Cast]


def counted(cast: Cast) -> dict[str, float]:
    lines = httpx.get(f"{cast.parley.url}/metrics").raise_for_status().text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def logged(cast: Cast, event: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, cast.parley.log().splitlines()) if line["event"] == event]


async def test_what_is_posted_delivered_and_closed_is_counted(fresh: Fresh) -> None:
    cast = fresh(LOG_FORMAT="json")
    room, words = cast.room(), "words that nobody logs"
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    id = str(uuid.uuid4())
    await alice.post(room, words, id=id)
    await alice.post(room, words, id=id)
    await alice.post(room, "")
    await bob.event("message.posted")
    with pytest.raises(InvalidStatus):
        await Client(cast.url, "no token").connect()
    first = counted(cast)
    assert first['parley_sockets{state="live"}'] == 2
    assert first['parley_posts_total{outcome="stored"}'] == first['parley_posts_total{outcome="repeated"}'] == 1
    assert first["parley_deliveries_total"] == 2 == first["parley_delivery_seconds_count"] * 2
    assert first["parley_acknowledgement_seconds_count"] == 2
    assert first['parley_connects_total{status="101"}'] == 2
    assert first['parley_connects_total{status="401"}'] == 1
    assert first["parley_writer_batch_drafts_count"] >= 2

    await bob.drop()
    await bob.start()
    await alice.post(room, "again")
    await bob.event("message.posted", lambda data: data["body"] == "again")
    await bob.drop()
    await alice.send("no frame")
    assert await alice.closed() == 4400
    await alice.start()
    while (then := counted(cast)).get('parley_closes_total{code="1006"}') != 2:
        pass
    assert then['parley_closes_total{code="4400"}'] == 1
    assert then['parley_sockets{state="live"}'] == 1
    assert then['parley_sockets{state="open"}'] == then['parley_sockets{state="resuming"}'] == 0

    opened, ready, closed = (logged(cast, f"socket {what}") for what in ("open", "ready", "closed"))
    assert len(opened) == len(ready) == 4
    assert {line["user"] for line in opened} == {cast.ids["alice"], cast.ids["bob"]}
    ends = sorted((line["by"], line["code"], line["reason"]) for line in closed)
    assert ends == [("network", 1006, "")] * 2 + [("server", 4400, "bad_frame")]
    assert {line["connection"] for line in closed} < {line["connection"] for line in opened}
    assert [line["status"] for line in logged(cast, "socket denied")] == [401]
    assert words not in cast.parley.log() and cast.tokens["alice"] not in cast.parley.log()


async def test_a_replay_is_counted_by_where_it_came_from(fresh: Fresh) -> None:
    cast = fresh()
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    await bob.drop()
    for number in range(5):
        await alice.post(room, f"missed {number}")
    await bob.start()
    await bob.event("message.posted", lambda data: data["body"] == "missed 4")
    bob.cursors[f"room:{room}"] = 99
    await bob.drop()
    await bob.start()
    found = counted(cast)
    assert found['parley_replayed_events_total{source="ring"}'] == 5
    assert found["parley_resets_total"] == 1
    assert found['parley_repairs_total{why="cursor"}'] == 1

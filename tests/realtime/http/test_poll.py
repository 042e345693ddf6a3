"""Long poll over many streams: stateless, by cursors alone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable

import pytest

from tests.support.cast import Cast
from tests.support.operate import operate
from tests.support.over_http import Poller, stream_client


@pytest.fixture
async def bob(cast: Cast) -> AsyncIterator[Poller]:
    poller = Poller(cast.parley.url, cast.tokens["bob"])
    yield poller
    await poller.http.aclose()


async def until_news(poller: Poller, stream: str, seq: int) -> None:
    async with asyncio.timeout(30):
        while poller.cursors[stream] < seq:
            await poller.poll(25)


async def test_the_first_tells_where_everything_is(cast: Cast, bob: Poller) -> None:
    room = cast.room()
    frames = await bob.poll(0)
    assert [frame["op"] for frame in frames[:2]] == ["hello", "ready"]
    assert frames[1]["streams"][f"room:{room}"] > 0


async def test_who_waits_is_answered_when_somebody_speaks(cast: Cast, bob: Poller) -> None:
    room = cast.room()
    await bob.poll(0)
    waiting = asyncio.create_task(until_news(bob, f"room:{room}", bob.cursors[f"room:{room}"] + 1))
    alice = await cast.client("alice").start()
    posted = await alice.post(room, "are you there?")
    await waiting
    assert bob.log(f"room:{room}") == [posted["seq"]]


async def test_between_polls_nothing_is_lost_or_doubled(cast: Cast, bob: Poller) -> None:
    room = cast.room()
    await bob.poll(0)
    start = bob.cursors[f"room:{room}"]
    alice = await cast.client("alice").start()
    for _ in range(4):
        for number in range(5):
            await alice.post(room, f"{number}")
        await bob.poll(25)
    await until_news(bob, f"room:{room}", start + 20)
    assert bob.log(f"room:{room}") == list(range(start + 1, start + 21))


async def test_what_is_too_much_for_one_answer_comes_in_several(fresh: Callable[..., Cast]) -> None:
    cast = fresh(POSTS_PER_10S="1000")
    room = cast.room()
    bob = Poller(cast.parley.url, cast.tokens["bob"])
    await bob.poll(0)
    start = bob.cursors[f"room:{room}"]
    alice = stream_client(cast, "alice")
    for _ in range(5):
        batch = [
            {"op": "post", "room": room, "id": str(uuid.uuid4()), "body": "x" * 16_000, "ref": str(number)}
            for number in range(9)
        ]
        answers = await alice.command(batch)
        assert all(answer["op"] == "ok" for answer in answers)
    frames = await bob.poll(25)
    assert "ready" not in [frame["op"] for frame in frames]
    await until_news(bob, f"room:{room}", start + 45)
    assert bob.log(f"room:{room}") == list(range(start + 1, start + 46))
    await bob.http.aclose()


async def test_an_outsider_waits_for_nothing(cast: Cast) -> None:
    room = cast.room()
    mallory = Poller(cast.parley.url, cast.tokens["mallory"])
    frames = await mallory.poll(0)
    mallory.cursors[f"room:{room}"] = 0
    frames = await mallory.poll(0)
    assert f"room:{room}" not in frames[-1]["streams"]
    await mallory.http.aclose()


@pytest.mark.parametrize("fields", [{"wait": -1}, {"wait": "long"}, {"cursors": []}, {"patience": 1}])
async def test_bad_input_names_the_field(bob: Poller, fields: dict[str, object]) -> None:
    answer = await bob.http.post("/api/v1/poll/", json=fields)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(fields))


async def test_signed_out_while_waiting(fresh: Callable[..., Cast]) -> None:
    cast = fresh("carol")
    carol = Poller(cast.parley.url, cast.tokens["carol"])
    await carol.poll(0)
    waiting = asyncio.create_task(carol.poll(25))
    # Whether it waits already or comes too late: the door is shut.
    await asyncio.to_thread(operate, cast.parley, "people.revoke_access", actor=None, user_id=int(cast.ids["carol"]))
    try:
        frames = await waiting
    except Exception as error:
        assert "401" in str(error)
    else:
        if frames[-1]["op"] != "close":
            with pytest.raises(Exception, match="401"):
                await carol.poll(25)
        else:
            assert frames[-1]["code"] == 4403
    await carol.http.aclose()

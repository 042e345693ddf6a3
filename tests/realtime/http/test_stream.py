"""Server-sent events: what a socket would bring, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.cast import Cast
from tests.support.operate import operate
from tests.support.over_http import StreamClient, stream_client


async def test_it_hears_what_others_say_on_sockets(cast: Cast) -> None:
    room = cast.room()
    bob, alice = await stream_client(cast, "bob").start(), await cast.client("alice").start()
    assert bob.hello["user"]["username"] == "bob" and bob.hello["session"]
    assert bob.ready["streams"][f"room:{room}"] == alice.ready["streams"][f"room:{room}"]
    seq = (await alice.post(room, "over the socket"))["seq"]
    heard = await bob.event("message.posted", lambda data: data["room"] == room)
    assert (heard["seq"], heard["data"]["body"]) == (seq, "over the socket")


async def test_what_it_missed_comes_once_and_in_order(cast: Cast) -> None:
    room = cast.room()
    bob, alice = await stream_client(cast, "bob").start(), await cast.client("alice").start()
    numbers = []
    for turn in range(3):
        numbers.append((await alice.post(room, f"heard {turn}"))["seq"])
        await bob.event("message.posted", lambda data, turn=turn: data["body"] == f"heard {turn}")
        await bob.drop()
        numbers += [(await alice.post(room, f"missed {turn}.{number}"))["seq"] for number in range(5)]
        await bob.start()
    assert bob.log(f"room:{room}") == numbers == list(range(numbers[0], numbers[-1] + 1))


async def test_a_page_with_a_session_hears_without_sending_anything(cast: Cast) -> None:
    """As `curl -N` and EventSource do."""
    cookie = {"Cookie": f"sessionid={cast.sessions['bob']}"}
    async with httpx.AsyncClient(base_url=cast.parley.url, headers=cookie) as http:
        async with http.stream("GET", "/api/v1/stream/") as response:
            assert response.status_code == 200
            assert (response.headers["Content-Type"], response.headers["X-Accel-Buffering"]) == (
                "text/event-stream",
                "no",
            )
            assert response.headers["Cache-Control"] == "no-store"
            seen = []
            async for line in response.aiter_lines():
                if line:
                    seen.append(json.loads(line.removeprefix("data: "))["op"])
                if "ready" in seen:
                    break
        assert (seen[0], seen[-1]) == ("hello", "ready")
        foreign = await http.get("/api/v1/stream/", headers={"Origin": "https://elsewhere.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "forbidden")


async def test_a_session_does_not_post_without_its_csrf_token(cast: Cast) -> None:
    cookies = {"sessionid": cast.sessions["bob"], "csrftoken": "a" * 32}
    async with httpx.AsyncClient(base_url=cast.parley.url, cookies=cookies) as http:
        for path in ("stream", "poll", "commands"):
            refused = await http.post(f"/api/v1/{path}/", json={"op": "ping"} if path == "commands" else {})
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), path
        let_in = await http.post("/api/v1/commands/", json={"op": "ping"}, headers={"X-CSRFToken": "a" * 32})
        assert let_in.json() == [{"op": "pong", "ref": None}]


async def test_there_is_a_sign_of_life_when_nobody_speaks(cast: Cast) -> None:
    bob = await stream_client(cast, "bob").start()
    await bob.until(lambda: bob.beats >= 2)


async def test_an_outsider_hears_nothing_of_a_room(cast: Cast) -> None:
    room = cast.room()
    mallory, bob = stream_client(cast, "mallory"), await stream_client(cast, "bob").start()
    mallory.cursors = {f"room:{room}": 0}
    await mallory.start()
    alice = await cast.client("alice").start()
    await alice.post(room, "between us")
    await bob.event("message.posted", lambda data: data["room"] == room)
    theirs = await asyncio.to_thread(cast.new_room, "mallory")
    await alice.event("room.added", lambda data: data["room"]["id"] == theirs)
    await alice.post(theirs, "to you")
    await mallory.event("message.posted", lambda data: data["room"] == theirs)
    assert mallory.log(f"room:{room}") == [] and f"room:{room}" not in mallory.ready["streams"]


async def refused(client: StreamClient, **fields: Any) -> int:
    with pytest.raises(ConnectionError):
        await client.connect(**fields)
    return client.status


async def test_without_valid_credentials_401(cast: Cast) -> None:
    nobody, liar = StreamClient(cast.parley.url), StreamClient(cast.parley.url, "nonsense")
    assert (await refused(nobody), nobody.problem["code"]) == (401, "unauthorized")
    assert (await refused(liar), liar.problem["code"]) == (401, "unauthorized")
    for client in (nobody, liar):
        await client.close()


@pytest.mark.parametrize(
    ("fields", "field"), [({"cursors": {"room:1": "far"}}, "cursors"), ({"epoch": 5}, "epoch"), ({"since": 1}, "since")]
)
async def test_bad_input_names_the_field(cast: Cast, fields: dict[str, Any], field: str) -> None:
    bob = stream_client(cast, "bob")
    assert await refused(bob, **fields) == 400
    assert list(bob.problem["fields"]) == [field]


async def test_another_method_is_told_which_there_are(cast: Cast) -> None:
    async with httpx.AsyncClient(base_url=cast.parley.url) as http:
        answer = await http.put("/api/v1/stream/", json={})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


async def test_whoever_listens_is_online(cast: Cast) -> None:
    alice = await cast.client("alice").start()
    dave = await stream_client(cast, "dave").start()
    await alice.frame("signal", type="presence", data={"user": cast.ids["dave"], "state": "online"})
    await dave.drop()
    await alice.frame("signal", type="presence", data={"user": cast.ids["dave"], "state": "offline"})


async def test_put_out_of_a_room_it_hears_nothing_more_of_it(fresh: Callable[..., Cast]) -> None:
    cast = fresh(rooms=2)
    room, other = cast.room(), cast.room()
    bob, alice = await stream_client(cast, "bob").start(), await cast.client("alice").start()
    await asyncio.to_thread(
        operate, cast.parley, "membership.remove_member", actor=None, room_id=int(room), user_id=int(cast.ids["bob"])
    )
    await bob.event("room.removed", lambda data: data["room"] == room)
    seq = (await alice.post(room, "he is gone"))["seq"]
    await alice.until(lambda: alice.cursors[f"room:{room}"] >= seq)
    await alice.post(other, "still here")
    await bob.event("message.posted", lambda data: data["room"] == other)
    assert max(bob.log(f"room:{room}"), default=0) < seq


async def test_it_ends_with_the_close_codes_of_a_socket(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    brief = await stream_client(cast, "alice", cast.brief["alice"]).start()
    bob, alice = await stream_client(cast, "bob").start(), await stream_client(cast, "alice").start()
    await asyncio.to_thread(operate, cast.parley, "people.disable_user", actor=None, user_id=int(cast.ids["bob"]))
    assert await bob.closed() == 4403
    assert [frame["op"] for frame in bob.frames[-2:]] == ["bye", "close"]
    assert bob.frames[-1] == {"op": "close", "code": 4403, "reason": "revoked"}
    assert await brief.closed() == 4401
    assert await asyncio.to_thread(cast.parley.terminate) == 0
    assert await alice.closed() == 1012
    assert (alice.frames[-2]["code"], alice.frames[-2]["retry_ms"]) == ("restart", [0, 8000])
    cast.parley.start()
    await alice.start()
    assert "Traceback" not in cast.parley.log()

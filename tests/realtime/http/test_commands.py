"""Commands over HTTP, each of which needs to know no more than who asks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.cast import Cast
from tests.support.over_http import stream_client


def post(room: str, body: str, id: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"op": "post", "room": room, "id": id or str(uuid.uuid4()), "body": body, **fields}


async def test_everything_that_a_socket_can_say(cast: Cast) -> None:
    room = cast.room()
    bob, alice = await stream_client(cast, "bob").start(), await cast.client("alice").start()
    posted = await bob.post(room, "over HTTP")
    assert posted["op"] == "ok"
    heard = await alice.event("message.posted", lambda data: data["room"] == room)
    assert (heard["seq"], heard["data"]["id"]) == (posted["seq"], posted["message"])
    assert (await bob.ask("edit", message=posted["message"], body="better"))["seq"] == posted["seq"] + 1
    assert (await bob.ask("read", room=room, seq=posted["seq"]))["op"] == "ok"
    await bob.event("read.moved", lambda data: data["room"] == room)
    assert (await bob.ask("typing", room=room))["op"] == "ok"
    await alice.frame("signal", type="typing", stream=f"room:{room}")
    assert (await bob.ask("delete", message=posted["message"]))["op"] == "ok"
    assert (await bob.ask("leave", room=room))["op"] == "ok"
    await alice.event("member.left", lambda data: data["room"] == room)
    assert (await bob.ask("join", room=room))["code"] == "not_found"  # it is private
    assert (await bob.ask("ping"))["op"] == "pong"


async def test_many_at_once_are_done_and_answered_in_order(cast: Cast) -> None:
    room = cast.room()
    bob = stream_client(cast, "bob")
    batch = [post(room, f"{number}", ref=str(number)) for number in range(20)]
    answers = await bob.command(batch)
    assert [answer["ref"] for answer in answers] == [str(number) for number in range(20)]
    numbers = [answer["seq"] for answer in answers]
    assert numbers == list(range(numbers[0], numbers[0] + 20))


async def test_the_same_id_again_is_the_same_message(cast: Cast) -> None:
    room, key = cast.room(), str(uuid.uuid4())
    bob = stream_client(cast, "bob")
    first, again, other = await bob.command([post(room, "once", key), post(room, "once", key), post(room, "x", key)])
    assert first == again and first["op"] == "ok"
    assert other["code"] == "conflict"
    socket = await cast.client("bob").start()
    assert (await socket.post(room, "once", key))["seq"] == first["seq"]


async def test_an_outsider_finds_no_room(cast: Cast) -> None:
    room = cast.room()
    mallory, bob = stream_client(cast, "mallory"), stream_client(cast, "bob")
    asked = [
        post(room, "let me in"),
        {"op": "read", "room": room, "seq": 1},
        {"op": "typing", "room": room},
        {"op": "join", "room": room},
    ]
    assert [answer.get("code") for answer in await mallory.command(asked)] == ["not_found"] * 4
    assert (await bob.command(asked[0]))[0]["op"] == "ok"


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        ({"op": "post", "room": "1", "id": "x"}, "bad_request", "body"),
        ({"op": "read", "room": "1", "seq": "far"}, "bad_request", "seq"),
        ({"op": "ping", "loud": True}, "bad_request", "loud"),
        ({"op": "sing"}, "unknown_op", "op"),
        ({"op": "resume"}, "bad_request", "op"),
        ({"op": "auth", "token": "x"}, "bad_request", "op"),
        (5, "bad_request", None),
    ],
)
async def test_bad_input_names_the_field_and_spoils_nothing_else(
    cast: Cast, command: Any, code: str, field: str | None
) -> None:
    bob = stream_client(cast, "bob")
    answer, pong = await bob.command([command, {"op": "ping", "ref": "after"}])
    assert (answer["op"], answer["code"], answer.get("field")) == ("error", code, field)
    assert pong == {"op": "pong", "ref": "after"}


@pytest.mark.parametrize("body", [b"", b"[", b"[{}" + b",{}" * 100 + b"]"])
async def test_what_holds_no_commands_is_refused_as_a_whole(cast: Cast, body: bytes) -> None:
    bob = stream_client(cast, "bob")
    answer = await bob.http.post("/api/v1/commands/", content=body, headers={"Content-Type": "application/json"})
    if body.startswith(b"["):
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    else:
        assert answer.json()[0]["code"] == "bad_request"


async def test_too_much_or_of_another_kind(cast: Cast) -> None:
    bob = stream_client(cast, "bob")
    big = await bob.http.post("/api/v1/commands/", json={"op": "ping", "ref": "x" * (257 * 1024)})
    assert (big.status_code, big.json()["code"]) == (413, "too_large")
    text = await bob.http.post("/api/v1/commands/", content=b'{"op":"ping"}', headers={"Content-Type": "text/plain"})
    assert text.status_code == 415


async def test_a_token_that_may_only_read_says_nothing(cast: Cast) -> None:
    room = cast.room()
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {cast.tokens['bob']}"}) as program:
        made = await program.post(f"{cast.parley.url}/api/v1/tokens/", json={"name": "reader", "scopes": ["read"]})
    reader = await stream_client(cast, "bob", made.json()["token"]).start()
    assert (await reader.post(room, "may I?"))["code"] == "forbidden"


async def test_flooding_is_refused_with_the_time_to_wait(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    bob = stream_client(cast, "bob")
    answers = []
    for _ in range(8):
        answers += await bob.command([{"op": "ping"}] * 100)
        if answers[-1]["op"] == "error":
            break
    assert answers[-1]["code"] == "rate_limited" and 0 < answers[-1]["retry_after"] <= 10
    refused = await bob.http.post("/api/v1/commands/", json={"op": "ping"})
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) >= 1

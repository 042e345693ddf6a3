"""How sockets end: on purpose with `bye` and a code, and what ends them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.support.cast import Cast
from tests.support.client import Client
from tests.support.operate import operate

NOTICED_SECONDS = 2.0


async def test_without_a_resume_4408(cast: Cast) -> None:
    bob = await cast.client("bob").connect()
    assert await bob.closed() == 4408
    assert bob.frames[-1]["op"] == "bye"


async def test_an_expired_token_4401(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    bob = await cast.client("bob", cast.brief["bob"]).start()
    renewed = await cast.client("alice", cast.brief["alice"]).start()
    assert (await renewed.ask("auth", token=cast.tokens["alice"]))["op"] == "ok"
    assert await bob.closed() == 4401
    assert bob.frames[-1]["op"] == "bye"
    assert (await renewed.ask("ping"))["op"] == "pong"


async def test_flooding_4429(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    for number in range(700):
        await bob.send(f'{{"op":"ping","ref":"{number}"}}')
    assert await bob.closed() == 4429
    assert bob.frames[-1]["op"] == "bye"
    assert bob.frames[-1]["retry_ms"][1] > 0


async def test_posts_beyond_the_limit_are_refused_with_the_time_to_wait(fresh: Callable[..., Cast]) -> None:
    cast = fresh(POSTS_PER_10S="3")
    room = cast.room()
    phone, desk = await cast.client("bob").start(), await cast.client("bob").start()
    assert phone.hello["limits"]["posts_per_10s"] == 3
    for client in (phone, desk, phone):
        assert (await client.post(room, "within"))["op"] == "ok"
    refused = await desk.post(room, "beyond")
    assert (refused["op"], refused["code"]) == ("error", "rate_limited")
    assert 0 < refused["retry_after"] <= 10
    assert (await cast.client("alice").start()).ready["op"] == "ready"
    assert (await cast.clients[-1].post(room, "she is not he"))["op"] == "ok"


async def test_who_does_not_read_is_closed_and_resumes(fresh: Callable[..., Cast]) -> None:
    cast = fresh(POSTS_PER_10S="100000")
    room = cast.room()
    alice, slow = cast.client("alice"), cast.client("bob")
    await alice.start()
    await slow.connect(max_queue=1)
    await slow.resume()
    slow.socket.transport.pause_reading()
    # More than the kernel's buffers hold, in portions that who reads can take.
    last = 0
    for _ in range(150):
        answers = await asyncio.gather(*[alice.post(room, "x" * 16_000) for _ in range(8)])
        last = answers[-1]["seq"]
    await alice.until(lambda: alice.cursors[f"room:{room}"] >= last)
    slow.socket.transport.resume_reading()
    assert await slow.closed() in (4413, 1006)
    await slow.start()
    assert slow.log(f"room:{room}") == alice.log(f"room:{room}")


async def _ends(client: Client, since: float) -> int | None:
    code = await client.closed()
    assert time.monotonic() - since < NOTICED_SECONDS + 0.5
    return code


async def test_put_out_of_a_room_by_another_process(fresh: Callable[..., Cast]) -> None:
    cast = fresh(rooms=2)
    room, other = cast.room(), cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    await asyncio.to_thread(
        operate, cast.parley, "membership.remove_member", actor=None, room_id=int(room), user_id=int(cast.ids["bob"])
    )
    since = time.monotonic()
    await bob.event("room.removed", lambda data: data["room"] == room)
    assert time.monotonic() - since < NOTICED_SECONDS + 0.5
    seq = (await alice.post(room, "he is gone"))["seq"]
    await alice.until(lambda: alice.cursors[f"room:{room}"] >= seq)
    assert (await bob.post(other, "still here"))["op"] == "ok"
    assert (await bob.post(room, "and there?"))["code"] == "not_found"
    assert max(bob.log(f"room:{room}"), default=0) < seq
    await bob.drop()
    await bob.start()
    assert f"room:{room}" not in bob.ready["streams"]
    assert max(bob.log(f"room:{room}"), default=0) < seq


async def test_disabled_or_signed_out_4403(fresh: Callable[..., Cast]) -> None:
    cast = fresh("carol")
    bob, carol, alice = [await cast.client(name).start() for name in ("bob", "carol", "alice")]
    await asyncio.to_thread(operate, cast.parley, "people.disable_user", actor=None, user_id=int(cast.ids["bob"]))
    assert await _ends(bob, time.monotonic()) == 4403
    assert bob.frames[-1]["op"] == "bye"
    await asyncio.to_thread(operate, cast.parley, "people.revoke_access", actor=None, user_id=int(cast.ids["carol"]))
    assert await _ends(carol, time.monotonic()) == 4403
    for name in ("bob", "carol"):
        try:
            await cast.client(name).connect()
            raise AssertionError("the token still opens")
        except Exception as error:
            assert "401" in str(error)
    assert (await alice.ask("ping"))["op"] == "pong"


async def test_after_sigterm_a_node_is_not_ready_and_takes_nobody_new_while_it_still_serves(
    fresh: Callable[..., Cast],
) -> None:
    cast = fresh()
    alice = await cast.client("alice").start()
    assert cast.parley.process
    cast.parley.process.terminate()
    async with httpx.AsyncClient(headers={"Connection": "close"}) as balancer:
        while (ready := await balancer.get(f"{cast.parley.url}/readyz")).status_code == 200:
            pass
    assert (ready.status_code, ready.json()["process"]) == (503, "draining")
    with pytest.raises(InvalidStatus, match="503"):
        await cast.client("bob").connect()
    assert (await alice.post(cast.room(), "still here"))["op"] == "ok"
    assert await alice.closed() == 1012
    assert await asyncio.to_thread(cast.parley.process.wait, 10) == 0


async def test_sigterm_says_bye_finishes_and_closes_with_1012(fresh: Callable[..., Cast]) -> None:
    cast = fresh(POSTS_PER_10S="100000")
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    posts = [asyncio.create_task(alice.post(room, f"{number}")) for number in range(200)]
    await bob.event("message.posted", lambda data: data["room"] == room)
    assert await asyncio.to_thread(cast.parley.terminate) == 0
    assert (await alice.closed(), await bob.closed()) == (1012, 1012)
    bye = next(frame for frame in bob.frames if frame["op"] == "bye")
    assert (bye["code"], bye["retry_ms"]) == ("restart", [0, 8000])
    done = await asyncio.gather(*posts, return_exceptions=True)
    acknowledged = {answer["seq"] for answer in done if isinstance(answer, dict) and answer["op"] == "ok"}
    assert acknowledged
    cast.parley.start()
    await bob.start()
    assert acknowledged <= set(bob.log(f"room:{room}"))

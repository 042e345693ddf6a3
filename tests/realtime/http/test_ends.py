"""However a stream ends, nothing of it stays: no place, no listener, no presence."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Callable

import httpx

from tests.support.cast import Cast
from tests.support.over_http import StreamClient, stream_client

REQUEST = "GET /api/v1/stream/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n"


async def when_free(client: StreamClient) -> StreamClient:
    async with asyncio.timeout(20):
        while True:
            try:
                return await client.start()
            except ConnectionError:
                assert (client.status, client.problem["code"]) == (429, "rate_limited")


async def test_a_place_is_free_again_when_the_client_has_gone(fresh: Callable[..., Cast]) -> None:
    cast = fresh(MAX_SOCKETS_PER_USER="2")
    for _ in range(2):
        one, two = await when_free(stream_client(cast, "bob")), await when_free(stream_client(cast, "bob"))
        third = stream_client(cast, "bob")
        assert (await refused(third), third.problem["code"]) == (429, "rate_limited")
        await one.drop()
        await two.drop()
    await cast.client("alice").start()
    assert "Traceback" not in cast.parley.log()


async def refused(client: StreamClient) -> int:
    try:
        await client.connect()
    except ConnectionError:
        return client.status
    raise AssertionError("it was let in")


async def test_who_does_not_read_is_dropped_and_others_do_not_wait(fresh: Callable[..., Cast]) -> None:
    cast = fresh(POSTS_PER_10S="100000", MAX_SOCKETS_PER_USER="1")
    room = cast.room()
    alice = await cast.client("alice").start()
    deaf = socket.create_connection(("127.0.0.1", cast.parley.port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(REQUEST.format(token=cast.tokens["bob"]).encode())
    assert deaf.recv(12) == b"HTTP/1.1 200"
    posted = []
    async with asyncio.timeout(60):
        while '"code":4413' not in cast.parley.log():
            answers = await asyncio.gather(*[alice.post(room, "x" * 16_000) for _ in range(8)])
            posted += [answer["seq"] for answer in answers]
    bob = stream_client(cast, "bob")
    bob.cursors, bob.epoch = {f"room:{room}": posted[0] - 1}, alice.epoch
    await when_free(bob)
    await bob.until(lambda: bob.cursors[f"room:{room}"] >= posted[-1])
    assert bob.log(f"room:{room}") == posted
    deaf.close()
    assert "Traceback" not in cast.parley.log() and "without completing" not in cast.parley.log()


async def test_its_request_is_told_of_when_it_begins(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    bob = await stream_client(cast, "bob").start()
    assert '"path":"/api/v1/stream/"' in cast.parley.log()
    seconds = await measured(cast, "parley_request_seconds_sum")
    await bob.until(lambda: bob.beats >= 1)
    await bob.drop()
    await when_free(bob)
    assert await measured(cast, "parley_request_seconds_sum") - seconds < 4  # the beat alone came after five


async def measured(cast: Cast, name: str) -> float:
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{cast.parley.url}/metrics")).text
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


async def test_a_command_of_somebody_who_has_gone_is_done_all_the_same(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    room, key = cast.room(), str(uuid.uuid4())
    alice = await cast.client("alice").start()
    bob = stream_client(cast, "bob")
    command = {"op": "post", "room": room, "id": key, "body": "said in going"}
    sending = asyncio.create_task(bob.command(command))
    await alice.event("message.posted", lambda data: data["client_id"] == key)
    sending.cancel()
    again = (await bob.command(command))[0]
    assert again["seq"] == alice.cursors[f"room:{room}"]

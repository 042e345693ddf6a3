"""How many sockets there may be: of a process, of a person. However one ends, its place is free again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from chat.realtime.admission import Denied
from chat.realtime.places import Places
from tests.support.cast import Cast, assemble
from tests.support.client import Client
from tests.support.server import Parley

FREED_SECONDS = 10


@pytest.fixture(scope="module")
def limited_cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    parley = Parley(tmp_path_factory.mktemp("places") / "parley", {"MAX_SOCKETS_PER_USER": "2"}).start()
    yield assemble(parley)
    parley.kill()


@pytest.fixture
async def limited(limited_cast: Cast) -> AsyncIterator[Cast]:
    yield limited_cast
    await limited_cast.leave()


async def refused(client: Client) -> tuple[int, dict[str, Any], str | None]:
    """Status, body and Retry-After of the answer to a handshake."""
    with pytest.raises(InvalidStatus) as caught:
        await client.connect()
    response = caught.value.response
    return response.status_code, json.loads(response.body or b"{}"), response.headers.get("Retry-After")


async def when_free(client: Client) -> Client:
    """Connects, as soon as there is a place."""
    deadline = time.monotonic() + FREED_SECONDS
    while True:
        try:
            return await client.start()
        except InvalidStatus:
            assert time.monotonic() < deadline, "the place is never free again"
            await asyncio.sleep(0.02)


async def test_a_full_process_refuses_with_503_before_it_asks_who_it_is(fresh: Callable[..., Cast]) -> None:
    cast = fresh(MAX_SOCKETS="2")
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    for client in (cast.client("mallory"), Client(cast.url, "nonsense")):
        status, body, retry_after = await refused(client)
        assert (status, body["code"], retry_after) == (503, "unavailable", "5")
    assert (await alice.ask("ping"))["op"] == "pong"
    await bob.close()
    await when_free(cast.client("mallory"))
    assert (await refused(cast.client("bob")))[0] == 503


async def close(client: Client) -> None:
    await client.close()


async def vanish(client: Client) -> None:
    await client.drop()


async def send_no_frame(client: Client) -> None:
    await client.send("garbage")
    assert await client.closed() == 4400


async def break_the_protocol(client: Client) -> None:
    client.socket.transport.write(b"\x8f\x80" + bytes(4))  # a reserved opcode
    assert await client.closed() == 1002


@pytest.mark.parametrize("end", [close, vanish, send_no_frame, break_the_protocol])
async def test_one_person_has_so_many_places_and_gets_each_back(
    limited: Cast, end: Callable[[Client], Awaitable[None]]
) -> None:
    for _ in range(2):  # the second round finds neither too few nor too many places
        phone, desk = await when_free(limited.client("bob")), await when_free(limited.client("bob"))
        status, body, retry_after = await refused(limited.client("bob"))
        assert (status, body["code"], retry_after) == (429, "rate_limited", "35")
        other = await limited.client("alice").start()
        for client in (phone, desk):
            assert (await client.ask("ping"))["op"] == "pong"
            await end(client)
        await other.close()


async def test_a_refused_handshake_takes_no_place(limited: Cast) -> None:
    for _ in range(3):
        assert (await refused(Client(limited.url, "nonsense")))[0] == 401
    await when_free(limited.client("bob"))
    await when_free(limited.client("bob"))
    for _ in range(3):
        assert (await refused(limited.client("bob")))[0] == 429


def test_places_are_free_again_after_an_error() -> None:
    places = Places(most=2, most_per_user=1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), places.take() as mine, places.take() as another:
            mine.give_to(7)
            with pytest.raises(Denied):
                places.take()
            with pytest.raises(Denied):
                another.give_to(7)
            another.give_to(8)
            raise ZeroDivisionError
    assert not places._taken and not places._taken_by

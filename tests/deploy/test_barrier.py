"""Programs behind an nginx that refuses upgrades."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.support.barrier import barrier
from tests.support.cast import assemble
from tests.support.client import Client
from tests.support.over_http import Poller, stream_client
from tests.support.server import Parley


async def test_where_no_socket_gets_through_a_stream_does(tmp_path: Path, start_parley: Callable[..., Parley]) -> None:
    cast = assemble(start_parley(TRUSTED_PROXIES="127.0.0.1"))
    room = cast.room()
    with barrier(tmp_path / "nginx", [cast.parley.port]) as proxy:
        with pytest.raises(InvalidStatus, match="400"):
            await Client(proxy.url.replace("http", "ws", 1) + "/ws/", cast.tokens["bob"]).connect()
        bob, alice = [stream_client(cast, name, url=proxy.url) for name in ("bob", "alice")]
        await bob.start()
        await alice.start()
        first = (await alice.post(room, "one"))["seq"]
        await bob.event("message.posted", lambda data: data["body"] == "one")
        proxy.stop()
        for client in (bob, alice):
            assert await client.closed() == 1006
        proxy.start()
        await alice.start()
        second = (await alice.post(room, "two"))["seq"]
        await bob.start()
        assert bob.log(f"room:{room}") == [first, second]
        await bob.until(lambda: bob.beats >= 1)
        await cast.leave()


async def test_where_streams_are_held_back_a_poll_gets_through(
    tmp_path: Path, start_parley: Callable[..., Parley]
) -> None:
    cast = assemble(start_parley(TRUSTED_PROXIES="127.0.0.1"))
    room = cast.room()
    with barrier(tmp_path / "nginx", [cast.parley.port], hold_back=True) as proxy:
        bob = Poller(proxy.url, cast.tokens["bob"])
        await bob.poll(0)
        alice = stream_client(cast, "alice", url=proxy.url)
        posted = (await alice.post(room, "are you there?"))["seq"]
        while bob.log(f"room:{room}") != [posted]:
            await bob.poll(25)
        await bob.http.aclose()
        await cast.leave()

"""One conversation on Daphne, the development server, which takes no finished frames and knows no lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.cast import Cast
from tests.support.client import Client
from tests.support.over_http import stream_client
from tests.support.stores import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def daphne(environment: dict[str, str]) -> Iterator[str]:
    """The URL of the socket."""
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-p", str(port), "--websocket_timeout", "-1", "project.asgi:application"]
    environment = environment | {"DJANGO_SETTINGS_MODULE": "project.settings"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            yield f"ws://127.0.0.1:{port}/ws/"
        finally:
            process.terminate()


async def test_a_conversation_on_daphne(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    room = cast.room()
    with daphne(cast.parley.env) as url:
        try:
            alice, bob = Client(url, cast.tokens["alice"]), Client(url, cast.tokens["bob"])
            cast.clients += [alice, bob]
            async with asyncio.timeout(60):
                while not alice.hello:
                    with contextlib.suppress(OSError):
                        await alice.connect()
            await alice.resume()
            await bob.start()
            ok = await alice.post(room, "**hello**, Daphne")
            event = await bob.event("message.posted", lambda data: data["room"] == room)
            assert (event["seq"], event["data"]["html"]) == (ok["seq"], "<p><strong>hello</strong>, Daphne</p>")
            await bob.ask("typing", room=room)
            await alice.frame("signal", type="typing")
            await bob.drop()
            await alice.ask("edit", message=ok["message"], body="edited")
            await bob.start()
            assert bob.log(f"room:{room}") == [ok["seq"], ok["seq"] + 1]
            await bob.send("garbage")
            assert await bob.closed() == 4400
            with pytest.raises(InvalidStatus) as denied:
                await connect(url, subprotocols=["parley.v1"])  # type: ignore[list-item]
            assert denied.value.response.status_code == 403
            carried = stream_client(cast, "bob", url=url.replace("ws", "http", 1).removesuffix("/ws/"))
            await carried.start()
            over = await carried.post(room, "without a socket")
            assert over["op"] == "ok"
            await carried.event("message.posted", lambda data: data["body"] == "without a socket")
            await carried.drop()
            await carried.start()
            assert carried.log(f"room:{room}") == [over["seq"]]
        finally:
            await cast.leave()

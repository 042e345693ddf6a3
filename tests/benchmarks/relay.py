"""Small servers in the dialects of the load generator, each of which can be told to go wrong."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

Fault = Callable[[int, str], list[str]]
"""What the victim gets in place of delivery 0, 1, …"""

VICTIM = 1
PONG_SECONDS = 15.0
STREAM = "room:7"


def faithful(number: int, text: str) -> list[str]:
    return [text]


def drops(*numbers: int) -> Fault:
    return lambda number, text: [] if number in numbers else [text]


def duplicates(victim: int) -> Fault:
    return lambda number, text: [text, text] if number == victim else [text]


def swaps(victim: int) -> Fault:
    """Delivers this one after the next."""
    held: list[str] = []

    def fault(number: int, text: str) -> list[str]:
        if number == victim:
            held.append(text)
            return []
        return [text, held.pop()] if held else [text]

    return fault


class Relay:
    """What one client says, all get. `fault` befalls what the second client to connect gets."""

    dialect = "plain"
    subprotocols: list[Subprotocol] | None = None
    path = "/"
    host = "127.0.0.1"
    tokens: Path | None = None
    loop: asyncio.AbstractEventLoop

    def __init__(self, fault: Fault = faithful) -> None:
        self.fault = fault
        self.port = 0
        self.sockets: list[ServerConnection] = []
        self.delivered = 0

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        with contextlib.suppress(ConnectionClosed):
            await self.greet(socket)
            async for text in socket:
                assert isinstance(text, str)
                await self.take(socket, text)

    async def greet(self, socket: ServerConnection) -> None:
        pass

    def ping(self) -> None:
        """Returns when all have answered a protocol ping."""

        async def ping() -> None:
            for socket in self.sockets:
                await (await socket.ping())

        asyncio.run_coroutine_threadsafe(ping(), self.loop).result(timeout=PONG_SECONDS)

    async def take(self, socket: ServerConnection, text: str) -> None:
        await self.deliver(text)

    async def deliver(self, text: str) -> None:
        number, self.delivered = self.delivered, self.delivered + 1
        for index, socket in enumerate(self.sockets):
            for each in self.fault(number, text) if index == VICTIM else [text]:
                with contextlib.suppress(ConnectionClosed):
                    await socket.send(each)


class SocketIO(Relay):
    """Engine.IO 4 without heartbeats, but for one ping before anything else."""

    dialect = "socketio"

    async def greet(self, socket: ServerConnection) -> None:
        assert socket.request is not None and socket.request.path == "/?EIO=4&transport=websocket"
        await socket.send('0{"sid":"x","upgrades":[],"pingInterval":25000}')
        await socket.send("2")
        assert {await socket.recv(), await socket.recv()} == {"3", "40"}
        await socket.send('40{"sid":"y"}')


class Parleyish(Relay):
    """Parley's protocol as far as posting goes: one room, nothing stored."""

    dialect = "parley"
    subprotocols = [Subprotocol("parley.v1")]
    seq = 0
    refuses: int | None = None
    """The number of the post that is answered by `rate_limited`."""

    def __init__(self, folder: Path, clients: int, fault: Fault = faithful) -> None:
        super().__init__(fault)
        self.tokens = folder / "tokens"
        self.tokens.write_text("".join(f"token-{number}\n" for number in range(clients)))

    async def greet(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"op": "hello", "epoch": "e"}, separators=(",", ":")))
        resume = json.loads(await socket.recv())
        assert resume["op"] == "resume"
        ready = {"op": "ready", "ref": resume["ref"], "epoch": "e", "streams": {STREAM: self.seq}}
        await socket.send(json.dumps(ready, separators=(",", ":")))

    async def take(self, socket: ServerConnection, text: str) -> None:
        post = json.loads(text)
        assert post["op"] == "post" and f"room:{post['room']}" == STREAM
        answer = {"op": "ok", "ref": post["ref"]}
        if self.seq == self.refuses:
            self.refuses = None
            answer = {"op": "error", "ref": post["ref"], "code": "rate_limited"}
        await socket.send(json.dumps(answer, separators=(",", ":")))
        if answer["op"] == "ok":
            self.seq += 1
            event = {"op": "event", "stream": STREAM, "seq": self.seq, "type": "message.posted", "data": post}
            await self.deliver(json.dumps(event, separators=(",", ":")))


@contextlib.contextmanager
def running(relay: Relay) -> Iterator[Relay]:
    """Serves in a thread of its own, on a free port."""
    relay.loop = loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> Server:
        return await serve(relay.serve, relay.host, 0, subprotocols=relay.subprotocols, compression=None)

    async def stop(server: Server) -> None:
        server.close()
        await server.wait_closed()

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

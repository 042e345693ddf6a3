"""The steps at the sockets: a frame comes in, an `ok` goes to one, an event to many."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from uvicorn.server import ServerState

from benchmarks.steps import messages
from benchmarks.steps.stopwatch import Figures, Stopwatch
from benchmarks.steps.way import Place
from chat.protocol import events
from chat.protocol.events import Ok
from chat.realtime.outlets import outlet_of
from chat.streams.broadcasting import write_all
from chat.streams.frames import text_frame
from project.http import HttpProtocol
from project.server import configuration

Write = Callable[[bytes], None]


async def measure(place: Place, sockets: int, rounds: int, frames: int) -> dict[str, Figures]:
    async with opened(sockets) as (application, far_end):
        return {
            "read": await reading(application, far_end, frames),
            "ok": await answering(application.writes, far_end, rounds),
            "write": await delivering(application.writes, far_end, rounds, text_frame(messages.text(place, 1))),
        }


class Application:
    """An ASGI application in the place of ours: accepts every socket, and counts the frames that come."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.left = 0
        self.over: asyncio.Future[None]

    def expect(self, frames: int) -> None:
        self.left, self.over = frames, asyncio.get_running_loop().create_future()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        outlet = outlet_of(scope, send)
        outlet.go_live()
        self.writes.append(outlet.write)
        while (await receive())["type"] == "websocket.receive":
            self.left -= 1
            if not self.left:
                self.over.set_result(None)


class FarEnd:
    """The process that holds the other ends (benchmarks/steps/far_end.py)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def tell(self, line: str) -> None:
        self._stdin.write(f"{line}\n".encode())

    async def answered(self) -> None:
        if not await self._stdout.readline():
            raise ConnectionError("the far end is gone")


@asynccontextmanager
async def opened(sockets: int) -> AsyncIterator[tuple[Application, FarEnd]]:
    """That many open sockets between the production server's protocol classes, in this process, and the far end."""
    application, loop = Application(), asyncio.get_running_loop()
    config = configuration(workers=1, trusted_proxies=[])
    config.app = application
    config.load()
    state = ServerState()
    server = await loop.create_server(
        lambda: HttpProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.steps.far_end", str(port), str(sockets)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        far_end = FarEnd(process)
        await far_end.answered()
        yield application, far_end
    finally:
        server.close()
        if process.returncode is None:
            process.kill()
        await process.wait()
        await asyncio.gather(*state.tasks)


async def reading(application: Application, far_end: FarEnd, frames: int) -> Figures:
    """The system call, the WebSocket parser, and the consumer's task that wakes with the text."""
    text, watch = messages.command(), Stopwatch()
    application.expect(frames)
    far_end.tell(f"send {frames} {text}")
    await asyncio.sleep(0)  # the line has left
    with watch:
        await application.over
    await far_end.answered()
    return watch.cpu_each(frames)


async def answering(writes: list[Write], far_end: FarEnd, rounds: int) -> Figures:
    watch, answer = Stopwatch(), Ok(ref="1234", message="7318349394477057", seq=4711)
    size = len(text_frame(events.encode(answer)))
    for _ in range(rounds):
        far_end.tell(f"read {size * len(writes)}")
        with watch:
            for write in writes:
                write(text_frame(events.encode(answer)))
            await asyncio.sleep(0)
        await far_end.answered()
    return watch.each(rounds * len(writes))


async def delivering(writes: list[Write], far_end: FarEnd, rounds: int, frame: bytes) -> Figures:
    """One buffer to all, as the hub does; uvloop makes the system calls at the end of the loop's turn."""
    watch, listeners = Stopwatch(), dict(enumerate(writes))
    for _ in range(rounds):
        far_end.tell(f"read {len(frame) * len(writes)}")
        with watch:
            await write_all(listeners, frame)
            await asyncio.sleep(0)
        await far_end.answered()
    return watch.each(rounds * len(writes))

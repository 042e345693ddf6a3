"""Network trouble: a TCP proxy between clients and a node, which delays, throttles, cuts, and goes silent on demand."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

CHUNK_BYTES = 16 * 1024
BUFFER_BYTES = 128 * 1024


@dataclass
class Weather:
    """What the links are like now; it may change at any time, for connections that stand as well."""

    delay_seconds: float = 0.0
    jitter_seconds: float = 0.0
    bytes_per_second: float | None = None
    silent: bool = False
    """Half-open: nothing comes through any more, in either direction, and nobody is told."""
    closed: bool = False
    """A partition for those who come: refused at once."""


@dataclass(eq=False)
class Link:
    """One connection, from a client to the node and back."""

    client: asyncio.StreamWriter
    node: asyncio.StreamWriter
    cut_after: int | None = None
    """So many bytes to the client are let through, and then it is cut: in the middle of a frame."""
    passed: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def cut(self) -> None:
        """Both ends are reset at once."""
        for writer in self.client, self.node:
            writer.transport.abort()


class Proxy:
    """Listens on a port of its own for one node. While it does not listen, another is asked at once, as nginx does."""

    def __init__(self, target_port: int, others: Sequence[int] = ()) -> None:
        self._targets = [target_port, *(port for port in others if port != target_port)]
        self.weather = Weather()
        self.links: set[Link] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for link in list(self.links):
            link.cut()
            for task in link.tasks:
                task.cancel()
        await asyncio.sleep(0)

    def cut_all(self, share: float = 1.0) -> int:
        """Cuts about this share of the connections; returns how many."""
        links = [link for link in self.links if random.random() < share]
        for link in links:
            link.cut()
        return len(links)

    def cut_in_a_frame(self, share: float = 1.0) -> None:
        """Cuts connections a few bytes into what comes next for the client."""
        for link in self.links:
            if random.random() < share:
                link.cut_after = link.passed + random.randint(1, 40)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather.closed:
            writer.transport.abort()
            return
        for port in self._targets:
            with contextlib.suppress(OSError):
                node_reader, node_writer = await asyncio.open_connection("127.0.0.1", port)
                break
        else:
            writer.transport.abort()
            return
        # Little room on the way, so that a reader who stops is felt by the node.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        node_writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        link = Link(writer, node_writer)
        self.links.add(link)
        link.tasks = [
            asyncio.create_task(self._pump(link, reader, node_writer, to_client=False)),
            asyncio.create_task(self._pump(link, node_reader, writer, to_client=True)),
        ]
        try:
            await asyncio.wait(link.tasks, return_when=asyncio.FIRST_COMPLETED)
            # What one side has said before it ended still arrives.
            await asyncio.wait(link.tasks, timeout=1)
        finally:
            for task in link.tasks:
                task.cancel()
            self.links.discard(link)
            for end in writer, node_writer:
                with contextlib.suppress(OSError, RuntimeError):
                    end.close()

    async def _pump(
        self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, to_client: bool
    ) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                await self._travel(data)
                if to_client:
                    if link.cut_after is not None and link.passed + len(data) > link.cut_after:
                        writer.write(data[: link.cut_after - link.passed])
                        await writer.drain()
                        link.cut()
                        return
                    link.passed += len(data)
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            link.cut()
        else:
            with contextlib.suppress(OSError, RuntimeError):
                if writer.can_write_eof():
                    writer.write_eof()

    async def _travel(self, data: bytes) -> None:
        weather = self.weather
        seconds = weather.delay_seconds + random.uniform(0, weather.jitter_seconds)
        if weather.bytes_per_second:
            seconds += len(data) / weather.bytes_per_second
        if seconds:
            await asyncio.sleep(seconds)
        while self.weather.silent:  # noqa: ASYNC110 - the weather is no event
            await asyncio.sleep(0.05)

"""A client of the socket protocol, written against PROTOCOL.md alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WAIT_SECONDS = 15.0


class Client:
    """One socket at a time. `events`, all it ever received, and `cursors`, how far it came, outlive the socket."""

    def __init__(self, url: str, token: str | None = None, headers: dict[str, str] | None = None) -> None:
        self._url = url
        self._headers = dict(headers or {})
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._refs = 0
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._changed = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None
        self.socket: ClientConnection
        self.hello: dict[str, Any] = {}
        self.ready: dict[str, Any] = {}
        self.frames: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.resets: list[dict[str, Any]] = []
        self.cursors: dict[str, int] = {}
        self.epoch: str | None = None
        self.close_code: int | None = None

    async def connect(self, **options: Any) -> Self:
        """Opens the socket and waits for `hello`."""
        self.frames, self.close_code = [], None
        self.socket = await connect(
            self._url, additional_headers=self._headers, subprotocols=["parley.v1"], max_size=None, **options
        )
        self._reader = asyncio.create_task(self._read())
        self.hello = await self.frame("hello")
        return self

    async def resume(self, **fields: Any) -> dict[str, Any]:
        """Takes up where it was; returns `ready`."""
        if self.cursors:
            fields = {"epoch": self.epoch, "cursors": self.cursors} | fields
        self.ready = await self.ask("resume", **fields)
        return self.ready

    async def start(self) -> Self:
        await self.connect()
        await self.resume()
        return self

    async def close(self) -> None:
        if self._reader is not None:
            await self.socket.close()
            await self._reader

    async def drop(self) -> None:
        """Loses the connection without a word."""
        self.socket.transport.abort()
        assert self._reader is not None
        await self._reader

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    # Talking --------------------------------------------------------------------------------------

    async def send(self, frame: dict[str, Any] | str | bytes) -> None:
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def ref(self) -> str:
        self._refs += 1
        return str(self._refs)

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Sends a command and returns its one answer. Raises ConnectionError when the socket ends first."""
        ref = self.ref()
        answer = self._answers[ref] = asyncio.get_running_loop().create_future()
        try:
            await self.send({"op": op, "ref": ref, **fields})
            return await asyncio.wait_for(answer, WAIT_SECONDS)
        except ConnectionClosed as error:
            raise ConnectionError(str(error)) from None
        finally:
            self._answers.pop(ref, None)

    async def post(self, room: str, body: str, id: str | None = None, **fields: Any) -> dict[str, Any]:
        return await self.ask("post", room=room, id=id or str(uuid.uuid4()), body=body, **fields)

    # Listening ------------------------------------------------------------------------------------

    async def frame(self, op: str, **fields: Any) -> dict[str, Any]:
        """The first frame since the socket opened that has this op and these fields; waits for it."""
        return await self._first(self.frames, lambda frame: frame.get("op") == op and fields.items() <= frame.items())

    async def event(self, type: str, matches: Callable[[dict[str, Any]], bool] = lambda data: True) -> dict[str, Any]:
        """The first event of this type whose data matches; waits for it."""
        return await self._first(self.events, lambda event: event["type"] == type and matches(event["data"]))

    async def closed(self) -> int | None:
        """Waits for the end; returns the close code."""
        assert self._reader is not None
        await asyncio.wait_for(asyncio.shield(self._reader), 2 * WAIT_SECONDS)
        return self.close_code

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(condition)

    def log(self, stream: str) -> list[int]:
        """The numbers of this stream's events, in the order in which they came."""
        return [event["seq"] for event in self.events if event["stream"] == stream]

    async def _first(self, items: list[dict[str, Any]], matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: any(map(matches, items)) or self.close_code is not None)
        for item in items:
            if matches(item):
                return item
        raise ConnectionError(f"closed with {self.close_code} before it came")

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self.socket:
                await self._take(json.loads(text))
        self.close_code = self.socket.close_code
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError(f"closed with {self.close_code}"))
        async with self._changed:
            self._changed.notify_all()

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame["op"] == "event":
            self.events.append(frame)
            self.cursors[frame["stream"]] = frame["seq"]
            if frame["type"] == "room.added":
                room = frame["data"]["room"]
                self.cursors[f"room:{room['id']}"] = room["seq"]
        elif frame["op"] == "reset":
            self.resets.append(frame)
            self.cursors[frame["stream"]] = frame["seq"]
        elif frame["op"] == "ready":
            # Here, not when the asker wakes: by then live events may have moved on.
            self.epoch = frame["epoch"]
            self.cursors |= frame["streams"]
        if frame["op"] in ("ok", "error", "pong", "ready") and frame["ref"] in self._answers:
            answer = self._answers[frame["ref"]]
            assert not answer.done(), f"two answers to {frame['ref']}"
            answer.set_result(frame)
        async with self._changed:
            self.frames.append(frame)
            self._changed.notify_all()

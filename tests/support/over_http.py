"""A client of the protocol where no socket gets through, written against docs/protocol.md alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Self

import httpx

from tests.support.cast import Cast
from tests.support.client import WAIT_SECONDS, Client

ABNORMAL = 1006
SILENT_SECONDS = 15.0


class StreamClient(Client):
    """Hears by server-sent events, speaks by requests. `status` and `problem`: how it was refused, if it was."""

    def __init__(self, base_url: str, token: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(base_url, token, headers)
        self.http = httpx.AsyncClient(base_url=base_url, headers=self._headers, timeout=WAIT_SECONDS)
        self.beats = 0
        self.status = 0
        self.problem: dict[str, Any] = {}

    async def connect(self, **fields: Any) -> Self:
        if self.cursors:
            fields = {"epoch": self.epoch, "cursors": self.cursors} | fields
        self.frames, self.close_code = [], None
        self._reader = asyncio.create_task(self._stream(fields))
        self.hello = await self.frame("hello")
        return self

    async def resume(self, **fields: Any) -> dict[str, Any]:
        self.ready = await self.frame("ready")
        return self.ready

    async def send(self, frame: Any) -> None:
        for answer in await self.command(frame):
            await self._take(answer)

    async def command(self, commands: Any) -> list[dict[str, Any]]:
        answer = await self.http.post("/api/v1/commands/", json=commands)
        answers: list[dict[str, Any]] = answer.raise_for_status().json()
        return answers

    async def drop(self) -> None:
        assert self._reader is not None
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        await self._ended()

    async def close(self) -> None:
        if self._reader is not None:
            await self.drop()
        await self.http.aclose()

    async def _stream(self, fields: dict[str, Any]) -> None:
        try:
            async with self.http.stream("POST", "/api/v1/stream/", json=fields, timeout=SILENT_SECONDS) as response:
                self.status = response.status_code
                if response.status_code != 200:
                    self.problem = json.loads(await response.aread())
                    return
                assert response.headers["Content-Type"] == "text/event-stream"
                async for line in response.aiter_lines():
                    await self._line(line)
        except httpx.HTTPError:
            pass
        finally:
            await self._ended()

    async def _line(self, line: str) -> None:
        if line.startswith(":"):
            self.beats += 1
            async with self._changed:
                self._changed.notify_all()
        elif line:
            name, _, data = line.partition(": ")
            assert name == "data", line
            frame = json.loads(data)
            await self._take(frame)
            if frame["op"] == "close":
                self.close_code = frame["code"]

    async def _ended(self) -> None:
        self.close_code = self.close_code or ABNORMAL
        async with self._changed:
            self._changed.notify_all()


def stream_client(cast: Cast, name: str, token: str | None = None, url: str | None = None) -> StreamClient:
    client = StreamClient(url or cast.parley.url, token or cast.tokens[name])
    cast.clients.append(client)
    return client


class Poller:
    """Long polls: keeps cursors by what it is told."""

    def __init__(self, base_url: str, token: str) -> None:
        self.http = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=2 * WAIT_SECONDS
        )
        self.epoch: str | None = None
        self.cursors: dict[str, int] = {}
        self.events: list[dict[str, Any]] = []

    async def poll(self, wait: int) -> list[dict[str, Any]]:
        body = {"wait": wait} | ({"epoch": self.epoch, "cursors": self.cursors} if self.epoch else {})
        answer = await self.http.post("/api/v1/poll/", json=body)
        frames: list[dict[str, Any]] = answer.raise_for_status().json()["frames"]
        for frame in frames:
            if frame["op"] == "event":
                self.events.append(frame)
                self.cursors[frame["stream"]] = frame["seq"]
            elif frame["op"] == "reset":
                self.cursors[frame["stream"]] = frame["seq"]
            elif frame["op"] == "ready":
                self.epoch = frame["epoch"]
                self.cursors |= frame["streams"]
        return frames

    def log(self, stream: str) -> list[int]:
        return [event["seq"] for event in self.events if event["stream"] == stream]

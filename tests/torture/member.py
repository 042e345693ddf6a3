"""A member: keeps what it says until it is acknowledged, comes back whatever happens, and writes down what it hears."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from tests.torture.checker import Fact, Journal, Send

OPEN_SECONDS = 3.0
READY_SECONDS = 20.0
ANSWER_SECONDS = 10.0
STABLE_SECONDS = 30.0
PING_SECONDS = 5.0
STOPS = {4400, 4403, 1002, 1003, 1007, 1008, 1009}


class Member:
    """`endpoint()` is where to connect this time; `rooms` what they post to."""

    def __init__(self, user: str, token: str, endpoint: Callable[[], str], rooms: list[str]) -> None:
        self.user = user
        self.rooms = rooms
        self.journal = Journal(user)
        self.sends: list[Send] = []
        self.live = asyncio.Event()
        self.lives: list[float] = []
        """When it became live, each time, by time.monotonic()."""
        self.closes: list[int] = []
        self.heard_at: dict[tuple[str, int], float] = {}
        """(Stream, number) → when it was heard; cleared by whoever measures."""
        self.newest: dict[str, int] = {}
        """Room → the highest number that it was given for a message."""
        self.resends = 0
        self.refusals = 0
        """Answers `unavailable` and `rate_limited`."""
        self.attempt = 0
        """For the backoff. Faults come sooner than STABLE_SECONDS after each other; each sets it back, as if alone."""
        self.stopped: str | None = None
        self.reads = asyncio.Event()
        self.reads.set()
        self.token = token
        self.refresh: str | None = None
        """To fetch the next token with; a member without one keeps the token that it has."""
        self._endpoint = endpoint
        self._waiting: dict[str, Send] = {}
        self._tries: dict[str, float] = {}
        self._epoch: str | None = None
        self._socket: ClientConnection | None = None
        self._retry_ms: tuple[int, int] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._talks = False
        self._here = asyncio.Event()
        self._here.set()
        self.epochs = 0
        """How often it was told that the database has begun another life."""

    # Living ---------------------------------------------------------------------------------------

    def start(self) -> None:
        self._tasks.append(asyncio.create_task(self._live()))

    async def go_away(self) -> None:
        """Drops its connection, and makes no other until `come_back`."""
        self._here.clear()
        if self._socket is not None:
            self._socket.transport.abort()
        while self.live.is_set():  # noqa: ASYNC110 - it is waited for the other way round, too
            await asyncio.sleep(0.01)

    def come_back(self) -> None:
        self.attempt = 0
        self._here.set()

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            self._socket.transport.abort()

    async def _live(self) -> None:
        while self.stopped is None:
            await self._here.wait()
            begun = time.monotonic()
            try:
                await self._one_life()
            except InvalidStatus as refused:
                if refused.response.status_code == 401:
                    await self._renew()
            except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, EOFError):
                pass
            finally:
                self.live.clear()
            if time.monotonic() - begun > STABLE_SECONDS:
                self.attempt = 0
            await asyncio.sleep(self._pause(self.attempt))
            self.attempt += 1

    async def _renew(self) -> None:
        """Changes an expired token for the next."""
        address = self._endpoint().replace("ws", "http", 1).replace("/ws/", "/api/v1/token/refresh/")
        with contextlib.suppress(httpx.TransportError):
            async with httpx.AsyncClient() as door:
                answer = await door.post(address, json={"refresh": self.refresh})
            if answer.status_code == 200:
                self.token, self.refresh = answer.json()["access"], answer.json()["refresh"]
            elif answer.status_code < 500:
                self.stopped = f"no new token: {answer.text}"

    def _pause(self, attempt: int) -> float:
        """PROTOCOL, "Heartbeat, closing"."""
        if self._retry_ms is not None:
            low, high = self._retry_ms
            self._retry_ms = None
            return random.uniform(low, high) / 1000
        return random.uniform(0, min(30.0, 0.5 * 2**attempt))

    async def _one_life(self) -> None:
        async with connect(
            self._endpoint(),
            additional_headers={"Authorization": f"Bearer {self.token}"},
            subprotocols=["parley.v1"],  # type: ignore[list-item]
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            ping_interval=PING_SECONDS,
            ping_timeout=2 * PING_SECONDS,
            max_size=None,
            proxy=None,
        ) as socket:
            self._socket = socket
            try:
                async with asyncio.timeout(READY_SECONDS):
                    await self._resume(socket)
                self.lives.append(time.monotonic())
                self.live.set()
                await self._send_again(socket)
                async with asyncio.TaskGroup() as group:
                    again = group.create_task(self._look_after(socket))
                    await self._read(socket)
                    again.cancel()
            except* ConnectionClosed:
                pass
            finally:
                self._socket = None
                self.closes.append(socket.close_code or 1006)
                if socket.close_code in STOPS:
                    self.stopped = f"closed with {socket.close_code}: {socket.close_reason}"

    async def _resume(self, socket: ClientConnection) -> None:
        hello = json.loads(await socket.recv())
        streams = [*self.journal.runs]
        cursors = {name: self.journal.position(name) for name in streams}
        command: dict[str, Any] = {"op": "resume", "ref": "resume"}
        if self._epoch is not None:
            command |= {"epoch": self._epoch, "cursors": cursors}
            if self._epoch != hello["epoch"]:
                self.epochs += 1
                self.journal.runs.clear()
        self._epoch = hello["epoch"]
        await socket.send(json.dumps(command))
        while True:
            frame = json.loads(await socket.recv())
            self._take(frame)
            if frame["op"] == "ready":
                return

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            self._take(json.loads(text))
            if not self.reads.is_set():
                await self.reads.wait()

    async def _look_after(self, socket: ClientConnection) -> None:
        """An answer that does not come is asked for again, under the same id."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for send in [send for send in self._waiting.values() if now - self._tried(send) > ANSWER_SECONDS]:
                await self._try(socket, send)

    # Talking --------------------------------------------------------------------------------------

    def talk(self, per_second: float) -> None:
        self._talks = True
        self._tasks.append(asyncio.create_task(self._talk(per_second)))

    def hush(self) -> None:
        self._talks = False

    async def _talk(self, per_second: float) -> None:
        while True:
            await asyncio.sleep(random.expovariate(per_second))
            if not self._talks:  # hushed meanwhile: what were said now would be stored behind the checker's back
                break
            await self.say(random.choice(self.rooms), f"{self.user} says {len(self.sends)}")

    async def say(self, room: str, body: str) -> Send:
        send = Send(self.user, room, str(uuid.uuid4()), body, said_at=time.monotonic())
        self.sends.append(send)
        self._waiting[send.client_id] = send
        if self.live.is_set() and self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._try(self._socket, send)
        return send

    @property
    def waiting(self) -> int:
        """How many sends have no answer yet."""
        return len(self._waiting)

    @property
    def unanswered(self) -> list[Send]:
        return list(self._waiting.values())

    async def _send_again(self, socket: ClientConnection) -> None:
        for send in list(self._waiting.values()):
            await self._try(socket, send)

    async def _try(self, socket: ClientConnection, send: Send) -> None:
        send.tries += 1
        self.resends += send.tries > 1
        self._tries[send.client_id] = time.monotonic()
        frame = {"op": "post", "ref": send.client_id, "room": send.room, "id": send.client_id, "body": send.body}
        await socket.send(json.dumps(frame))

    def _tried(self, send: Send) -> float:
        return self._tries.get(send.client_id, 0.0)

    # Hearing --------------------------------------------------------------------------------------

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case "event":
                self._hear(frame)
            case "ready":
                for stream, seq in frame["streams"].items():
                    if self.journal.position(stream) is None:
                        self.journal.begin(stream, seq)
            case "reset":
                self.journal.resets += 1
                self.journal.begin(frame["stream"], frame["seq"])
            case "ok" | "error":
                self._answered(frame)
            case "bye":
                low, high = frame["retry_ms"]
                self._retry_ms = (low, high)

    def _hear(self, frame: dict[str, Any]) -> None:
        stream = frame["stream"]
        if stream.startswith("room:"):
            self.journal.hear(stream, Fact.of(frame))
            self.heard_at[stream, frame["seq"]] = time.monotonic()
        else:
            self.journal.hear(stream, Fact(frame["seq"], frame["type"]))
            if frame["type"] == "room.added":
                room = frame["data"]["room"]
                self.journal.begin(f"room:{room['id']}", room["seq"])

    def _answered(self, frame: dict[str, Any]) -> None:
        send = self._waiting.get(frame.get("ref") or "")
        if send is None:
            return
        if frame["op"] == "ok":
            send.acknowledged(frame["message"], frame["seq"])
            self.newest[send.room] = max(frame["seq"], self.newest.get(send.room, 0))
            send.answered_at = time.monotonic()
        elif frame["code"] in ("unavailable", "rate_limited"):
            self.refusals += 1  # and asked again, as long as it takes
            self._tries[send.client_id] = time.monotonic() - ANSWER_SECONDS + float(frame.get("retry_after", 1.0))
            return
        else:
            send.outcome = "failed"
        del self._waiting[send.client_id]
        self._tries.pop(send.client_id, None)

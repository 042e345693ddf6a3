"""One socket, from its opening to its close code: hello, resume, ready, and what is live after that."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from parley_client import limits
from parley_client.closing import ABNORMAL
from parley_client.errors import Broken
from parley_client.requests import Requests, Unanswered, error_of
from parley_client.shapes import Json
from parley_client.web import USER_AGENT

RESUME_REF = "resume"

# In its debug lines websockets shows the headers of the handshake, and with them the token.
quiet = logging.getLogger("parley_client.websockets")
quiet.setLevel(logging.INFO)


class BadFrame(Exception):
    """What came is not what the protocol has in this place."""


class Socket:
    """An open socket. What it hears for the streams goes to `hear`, which may wait: then nothing more is read."""

    def __init__(self, connection: ClientConnection, hear: Callable[[Json], Awaitable[None]]) -> None:
        self._connection = connection
        self._hear = hear
        self._requests = Requests()
        self._heard_at = asyncio.get_running_loop().time()
        self._hearing = False
        self.bye: Json | None = None

    async def hello(self) -> Json:
        """The server's first frame. Raises TimeoutError, ConnectionClosed, BadFrame, Broken."""
        async with asyncio.timeout(limits.HELLO_SECONDS):
            frame = await self._frame()
        if frame.get("op") == "hello" and frame.get("protocol") != limits.PROTOCOL:
            raise Broken(f"the server speaks {frame.get('protocol')!r}, this client {limits.PROTOCOL}")
        if frame.get("op") != "hello":
            raise BadFrame(f"{frame.get('op')!r} came instead of hello")
        return frame

    async def resume(self, fields: dict[str, Any]) -> None:
        """Takes up where the cursors are; returns at `ready`.

        Raises Refused when the server will not, TimeoutError, ConnectionClosed, and what `hear` raises.
        """
        await self._send({"op": "resume", "ref": RESUME_REF, **fields})
        while True:
            async with asyncio.timeout(limits.READY_SECONDS):
                frame = await self._frame()
            if frame.get("op") == "error" and frame.get("ref") == RESUME_REF:
                raise error_of(frame)
            await self._take(frame)
            if frame.get("op") == "ready":
                return

    async def listen(self) -> NoReturn:
        """Hears what is live. Ends by ConnectionClosed, or what `hear` raises."""
        while True:
            await self._take(await self._frame())

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Sends a command; returns its `ok`. Raises Refused or Unanswered."""
        ref, answer = self._requests.open()
        try:
            async with asyncio.timeout(limits.ANSWER_SECONDS):
                await self._send({"op": op, "ref": ref, **fields})
                return await answer
        except TimeoutError:
            raise Unanswered(f"no answer in {limits.ANSWER_SECONDS:.0f} s") from None
        except ConnectionClosed:
            raise Unanswered("the connection ended") from None
        finally:
            answer.cancel()

    async def watch(self, stalled: asyncio.Event) -> None:
        """Notices a half-open connection: after silence it asks, and without any answer it ends the socket."""
        clock = asyncio.get_running_loop().time
        while True:
            silent = clock() - self._heard_at
            if stalled.is_set():
                # Nothing is read, so that nothing is heard; the server cuts who does not answer its pings.
                self._heard_at = clock()
            elif silent >= limits.IDLE_SECONDS:
                asked_at = clock()
                answer = asyncio.ensure_future(await self._connection.ping())
                await asyncio.wait({answer}, timeout=limits.PONG_SECONDS)
                if answer.done():
                    self._heard_at = clock()
                elif self._heard_at < asked_at and not stalled.is_set():
                    self.abort()
                    return
                continue
            await asyncio.sleep(max(0.05, limits.IDLE_SECONDS - silent))

    def abort(self) -> None:
        """Ends it at once: whoever waits for it hears ConnectionClosed."""
        self._connection.transport.abort()

    def ended(self) -> None:
        """Nobody uses it any more."""
        self._requests.abandon()
        if self._hearing:
            # It was left while it waited, with frames unread: before them no answer to a close frame is seen.
            self.abort()

    @property
    def close_code(self) -> int:
        return self._connection.close_code or ABNORMAL

    @property
    def close_reason(self) -> str:
        return self._connection.close_reason or ""

    async def _take(self, frame: Json) -> None:
        match frame.get("op"):
            case "event" | "reset" | "ready":
                self._hearing = True
                await self._hear(frame)
                self._hearing = False
            case "ok" | "error":
                self._requests.answered(frame)
            case "bye":
                self.bye = frame

    async def _frame(self) -> dict[str, Any]:
        text = await self._connection.recv()
        self._heard_at = asyncio.get_running_loop().time()
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            raise BadFrame("a frame came that is no JSON object")
        return frame

    async def _send(self, frame: Json) -> None:
        await self._connection.send(json.dumps(frame))


class _Connect(connect):
    """Follows no redirect: the token is for this server alone."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


@asynccontextmanager
async def open_socket(url: str, token: str, hear: Callable[[Json], Awaitable[None]]) -> AsyncIterator[Socket]:
    """A socket to the Parley at `url`. Raises OSError, TimeoutError and websockets' InvalidHandshake."""
    async with _Connect(
        url.replace("http", "ws", 1) + "/ws/",
        additional_headers={"Authorization": f"Bearer {token}"},
        subprotocols=[Subprotocol(limits.PROTOCOL)],
        user_agent_header=USER_AGENT,
        logger=quiet,
        compression=None,  # the server has none, to keep its memory
        open_timeout=limits.OPEN_SECONDS,
        close_timeout=limits.CLOSE_SECONDS,
        ping_interval=None,  # see Socket.watch: anything heard is a sign of life, also on a slow link
        max_size=limits.FRAME_BYTES,
    ) as connection:
        socket = Socket(connection, hear)
        try:
            yield socket
        finally:
            socket.ended()

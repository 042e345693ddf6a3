"""A socket that is kept up: one after the other, as the protocol's "Heartbeat, closing" says, until there is no use."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, NoReturn

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from parley_client.backoff import Backoff
from parley_client.closing import Verdict, verdict_on
from parley_client.doors import Doors
from parley_client.errors import Broken, NotParley, Refused, SignedOut, Unreachable
from parley_client.positions import Gap, Positions
from parley_client.renewing import keep_renewed
from parley_client.requests import Unanswered
from parley_client.shapes import Json
from parley_client.socket import BadFrame, Socket, open_socket
from parley_client.tokens import Tokens
from parley_client.web import seconds

logger = logging.getLogger(__name__)

PASSING_STATUSES = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class Connection:
    """`greet` hears each `hello`; `hear` each `event`, `reset` and `ready`, and may wait, as `stalled` says."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        doors: Doors,
        positions: Positions,
        *,
        greet: Callable[[Json], None],
        hear: Callable[[Json], Awaitable[None]],
        stalled: asyncio.Event,
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._doors = doors
        self._positions = positions
        self._greet = greet
        self._hear = hear
        self._stalled = stalled
        self._backoff = Backoff()
        self._socket: Socket | None = None
        self._renewed: str | None = None
        self._connected_once = False
        self.live = asyncio.Event()
        self.trouble = "not connected yet"
        """Why there was no connection, the last time there was none."""

    async def run(self) -> NoReturn:
        """Until it is cancelled, or there is no use: raises Stopped or Refused."""
        while True:
            pause = await self._once()
            logger.info("connecting again in %.1f s: %s", pause, self.trouble)
            await asyncio.sleep(pause)

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """A command on the socket of the moment; returns its `ok`. Raises Refused or Unanswered."""
        if self._socket is None or not self.live.is_set():
            raise Unanswered("there is no connection")
        return await self._socket.ask(op, **fields)

    async def _once(self) -> float:
        """One connection. Returns how many seconds to wait for the next."""
        try:
            token = await self._tokens.access(self._doors)
            try:
                async with open_socket(self._url, token, self._hear) as socket:
                    return await self._live(socket, token)
            except InvalidStatus as refused:
                return await self._not_admitted(refused, token)
        except Refused as error:
            if not error.passing:
                raise
            return self._lost(error, error.retry_after)
        except Unreachable as error:
            return self._lost(error, error.retry_after)
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed, EOFError, BadFrame) as error:
            return self._lost(error)

    async def _live(self, socket: Socket, token: str) -> float:
        helpers: list[asyncio.Task[None]] = []
        try:
            self._greet(await socket.hello())
            helpers.append(asyncio.create_task(socket.watch(self._stalled)))
            await socket.resume(self._positions.resume())
            self._connected_once, self._renewed, self._socket = True, None, socket
            self._backoff.connected()
            self.live.set()
            helpers.append(asyncio.create_task(keep_renewed(socket, self._tokens, self._doors, token)))
            await socket.listen()
        except ConnectionClosed:
            return await self._closed(socket, token)
        except Gap as gap:
            return self._lost(gap)
        finally:
            self.live.clear()
            self._socket = None
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _closed(self, socket: Socket, token: str) -> float:
        code, reason = socket.close_code, socket.close_reason
        self.trouble = f"the connection was closed with {code} {reason}".strip()
        match verdict_on(code):
            case Verdict.BROKEN:
                raise Broken(self.trouble)
            case Verdict.REVOKED:
                raise SignedOut("access was revoked")
            case Verdict.REFRESH:
                return await self._renew(token)
        if socket.bye is None:
            return self._backoff.next()
        low, high = socket.bye["retry_ms"]
        return random.uniform(low, high) / 1000

    async def _not_admitted(self, refused: InvalidStatus, token: str) -> float:
        status = refused.response.status_code
        self.trouble = f"the server answered the handshake with {status}"
        # A server that cannot deny with a status of its own gives 403 where another gives 401.
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return await self._renew(token)
        if status < 500 and status not in PASSING_STATUSES and not self._connected_once:
            raise NotParley(f"{self.trouble}: this is no Parley")
        return max(self._backoff.next(), seconds(refused.response.headers.get("Retry-After")) or 0.0)

    async def _renew(self, refused: str) -> float:
        """Once: a token that was just renewed and is refused as well will not get better."""
        if refused == self._renewed:
            raise SignedOut("a new token is refused as well")
        self._renewed = await self._tokens.renew(self._doors, refused)
        return self._backoff.next()

    def _lost(self, error: Exception, retry_after: float | None = None) -> float:
        self.trouble = str(error) or type(error).__name__
        return max(self._backoff.next(), retry_after or 0.0)

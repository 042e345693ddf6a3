"""What a client comes in with: a token that stays, or a pair that is changed for the next in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from parley_client import limits
from parley_client.doors import Doors
from parley_client.errors import SignedOut
from parley_client.locks import FileLock


@dataclass(frozen=True)
class Pair:
    """`access` is good for ten minutes from `obtained_at` (Unix time), `refresh` for thirty days, once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    obtained_at: float


class Tokens(Protocol):
    async def access(self, doors: Doors) -> str:
        """A token to come in with now. Raises SignedOut, Refused, Unreachable."""

    async def renew(self, doors: Doors, refused: str) -> str:
        """Another token than `refused`. Raises SignedOut when there is none, Refused, Unreachable."""

    def due_seconds(self) -> float | None:
        """Until the token that `access` gave last should be renewed; None: it need not be."""

    async def finish(self) -> None:
        """Waits for what is under way."""


class Fixed:
    """A personal access token, or any other that this client cannot renew."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def access(self, doors: Doors) -> str:
        return self._token

    async def renew(self, doors: Doors, refused: str) -> str:
        raise SignedOut("this token does not exist, has expired or was revoked")

    def due_seconds(self) -> float | None:
        return None

    async def finish(self) -> None:
        return None


class Keeper(Protocol):
    """Keeps a pair for several processes, of which one at a time may change it."""

    lock: FileLock

    def load(self) -> Pair | None: ...

    def save(self, pair: Pair) -> None: ...


class Signed:
    """A login of a person. One renewal at a time, in this process and, with a `keeper`, among all that share it.

    Two that changed the same refresh token at different times would look like a thief, and end the login.
    """

    def __init__(
        self,
        pair: Pair | None = None,
        *,
        username: str = "",
        password: str = "",
        keeper: Keeper | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pair = pair
        self._username = username
        self._password = password
        self._keeper = keeper
        self._clock = clock
        self._renewal: asyncio.Task[Pair] | None = None

    @property
    def pair(self) -> Pair | None:
        return self._pair

    async def access(self, doors: Doors) -> str:
        if self._pair is None or not 0 <= self._age(self._pair) < limits.RENEW_SECONDS:
            return await self.renew(doors, self._pair.access if self._pair else "")
        return self._pair.access

    async def renew(self, doors: Doors, refused: str) -> str:
        if self._pair is not None and self._pair.access != refused:
            return self._pair.access
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._next(doors, refused))
            self._renewal.add_done_callback(self._renewed)
        # Whoever is cancelled while waiting leaves it going: a pair whose answer nobody kept would be lost.
        return (await asyncio.shield(self._renewal)).access

    def due_seconds(self) -> float | None:
        return 0.0 if self._pair is None else max(0.0, limits.RENEW_SECONDS - self._age(self._pair))

    async def finish(self) -> None:
        if self._renewal is not None:
            await asyncio.wait({self._renewal})

    def _age(self, pair: Pair) -> float:
        return self._clock() - pair.obtained_at

    def _renewed(self, task: asyncio.Task[Pair]) -> None:
        self._renewal = None
        if not task.cancelled():
            task.exception()  # whoever waits hears of it; maybe nobody does

    async def _next(self, doors: Doors, refused: str) -> Pair:
        if self._keeper is None:
            self._pair = await self._ask(doors)
            return self._pair
        async with self._keeper.lock.held():
            kept = self._keeper.load()
            if kept is None:
                raise SignedOut("signed out meanwhile")
            self._pair = kept
            if kept.access == refused:
                self._pair = await self._ask(doors)
                self._keeper.save(self._pair)
            return self._pair

    async def _ask(self, doors: Doors) -> Pair:
        obtained_at = self._clock()
        if self._pair is not None:
            access, refresh = await doors.refresh(self._pair.refresh)
        else:
            access, refresh = await doors.sign_in(self._username, self._password)
            self._password = ""
        return Pair(access, refresh, obtained_at)

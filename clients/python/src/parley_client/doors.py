"""Signing in, and staying so: the requests that need no access token."""

from __future__ import annotations

import asyncio

import httpx

from parley_client.errors import Conflict, SignedOut, Unreachable
from parley_client.web import request

CONFLICT_PAUSE_SECONDS = 1.0
CONFLICT_TRIES = 10


class Doors:
    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._base = f"{url}/api/v1/token/"
        self._http = http

    async def sign_in(self, username: str, password: str) -> tuple[str, str]:
        """A new access and refresh token. Raises SignedOut, Refused, Unreachable."""
        return _pair(await self._ask("", username=username, password=password))

    async def refresh(self, token: str) -> tuple[str, str]:
        """The successors of a refresh token. Of two that ask at once one gets 409, and asks again.

        Raises SignedOut, Refused, Unreachable.
        """
        for _ in range(CONFLICT_TRIES):
            try:
                return _pair(await self._ask("refresh/", refresh=token))
            except Conflict as error:
                await asyncio.sleep(error.retry_after or CONFLICT_PAUSE_SECONDS)
        raise Unreachable("somebody else renews this login all the time")

    async def revoke(self, token: str) -> None:
        """Ends the login that this refresh token belongs to. One that has ended already is fine."""
        try:
            await self._ask("revoke/", refresh=token)
        except SignedOut:
            return

    async def _ask(self, path: str, **fields: str) -> dict[str, str]:
        data: dict[str, str] = await request(self._http, "POST", self._base + path, json=fields) or {}
        return data


def _pair(data: dict[str, str]) -> tuple[str, str]:
    try:
        return data["access"], data["refresh"]
    except KeyError:
        raise Unreachable("the answer holds no tokens: this is no Parley") from None

"""The HTTP API: what the socket has not, and what may not be read in time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx

from parley_client import limits
from parley_client.backoff import Backoff
from parley_client.doors import Doors
from parley_client.errors import Refused, SignedOut, Unreachable
from parley_client.shapes import Member, Message, Page, Posted, Room, User
from parley_client.tokens import Tokens
from parley_client.web import request

PAGE = 200


class Rest:
    """Requests of one person. Each is tried again for a minute when the network or the server is away.

    All raise Refused (with the protocol's code), SignedOut and Unreachable.
    """

    def __init__(
        self, url: str, tokens: Tokens, http: httpx.AsyncClient, *, patience: float = limits.PATIENCE_SECONDS
    ) -> None:
        self._base = f"{url}/api/v1/"
        self._tokens = tokens
        self._http = http
        self._patience = patience
        self.doors = Doors(url, http)

    # People and rooms -----------------------------------------------------------------------------

    async def me(self) -> User:
        return User.of(await self.ask("GET", "me/"))

    async def users(self) -> list[User]:
        return [User.of(each) async for each in self._list("users/")]

    async def rooms(self, *, member: bool | None = None) -> list[Room]:
        """Open rooms and your own; `member=True` only your own, `member=False` the others."""
        query = {} if member is None else {"member": str(member).lower()}
        return [Room.of(each) async for each in self._list("rooms/", **query)]

    async def room(self, room: str) -> Room:
        return Room.of(await self.ask("GET", f"rooms/{room}/"))

    async def members(self, room: str) -> list[Member]:
        return [Member.of(each) async for each in self._list(f"rooms/{room}/members/")]

    async def join(self, room: str) -> Room:
        return Room.of(await self.ask("POST", f"rooms/{room}/join/", repeat=True))

    async def leave(self, room: str) -> None:
        await self.ask("POST", f"rooms/{room}/leave/", repeat=True)

    async def read(self, room: str, seq: int, *, unread: bool = False) -> None:
        """Moves your read position to `seq`; back only with `unread`."""
        await self.ask("PUT", f"rooms/{room}/read/", json={"seq": seq} | ({"unread": True} if unread else {}))

    # Messages -------------------------------------------------------------------------------------

    async def messages(
        self,
        room: str,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
    ) -> Page:
        """A page of history, at its end or beside one number; `limit` at most 200."""
        given = {"before": before, "after": after, "around": around, "limit": limit}
        query = {name: value for name, value in given.items() if value is not None}
        return Page.of(await self.ask("GET", f"rooms/{room}/messages/", params=query))

    async def history(self, room: str, *, after: int = 0) -> AsyncIterator[Message]:
        """Every message after this number, oldest first. Deleted ones come without words."""
        while True:
            page = await self.messages(room, after=after, limit=PAGE)
            for message in page.messages:
                yield message
                after = message.seq
            if not page.has_after:
                return

    async def post(self, room: str, body: str, *, id: str, reply_to: str | None = None) -> Posted:
        """Says something under a UUID of yours. The same id again gives the same message."""
        fields = {"id": id, "body": body} | ({"reply_to": reply_to} if reply_to is not None else {})
        data = await self.ask("POST", f"rooms/{room}/messages/", json=fields, repeat=True)
        return Posted(data["id"], data["seq"], room, id, body, reply_to)

    async def message(self, message: str) -> Message:
        return Message.of(await self.ask("GET", f"messages/{message}/"))

    async def edit(self, message: str, body: str) -> Message:
        return Message.of(await self.ask("PATCH", f"messages/{message}/", json={"body": body}))

    async def delete(self, message: str) -> None:
        await self.ask("DELETE", f"messages/{message}/")

    # Anything -------------------------------------------------------------------------------------

    async def ask(
        self, method: str, path: str, *, json: Any = None, params: Any = None, repeat: bool | None = None
    ) -> Any:
        """Any request below /api/v1/. `repeat`: it may be sent twice; all but POST may, unless you say so."""
        repeat = method != "POST" if repeat is None else repeat
        deadline, backoff = time.monotonic() + self._patience, Backoff()
        while True:
            try:
                return await self._once(method, self._base + path, json=json, params=params)
            except Refused as error:
                if not error.passing:
                    raise
                pause = backoff.next() if error.retry_after is None else error.retry_after
                if time.monotonic() + pause > deadline:
                    raise
            except Unreachable as error:
                pause = max(backoff.next(), error.retry_after or 0.0)
                if not repeat or time.monotonic() + pause > deadline:
                    raise
            await asyncio.sleep(pause)

    async def _once(self, method: str, url: str, **options: Any) -> Any:
        token = await self._tokens.access(self.doors)
        try:
            return await self._with(token, method, url, options)
        except SignedOut:
            renewed = await self._tokens.renew(self.doors, token)
        return await self._with(renewed, method, url, options)

    async def _with(self, token: str, method: str, url: str, options: dict[str, Any]) -> Any:
        return await request(self._http, method, url, headers={"Authorization": f"Bearer {token}"}, **options)

    async def _list(self, path: str, **query: str) -> AsyncIterator[dict[str, Any]]:
        params: dict[str, Any] = {**query, "limit": PAGE}
        while True:
            data = await self.ask("GET", path, params=params)
            for each in data["results"]:
                yield each
            if not data.get("next"):
                return
            # Only the cursor is taken from the link: behind a proxy its address may be one that nobody reaches.
            params["cursor"] = httpx.URL(data["next"]).params["cursor"]

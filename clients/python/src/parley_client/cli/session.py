"""What most commands begin with: the HTTP API, and the room that is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from parley_client.cli.config import entrance
from parley_client.cli.problem import Problem
from parley_client.rest import Rest
from parley_client.rooms import find
from parley_client.shapes import Room
from parley_client.tokens import Tokens
from parley_client.web import http_client

PATIENCE_SECONDS = 30.0
"""How long a command tries to reach the server."""


@asynccontextmanager
async def session() -> AsyncIterator[Rest]:
    url, tokens = entrance()
    async with session_of(url, tokens) as rest:
        yield rest


@asynccontextmanager
async def session_of(url: str, tokens: Tokens) -> AsyncIterator[Rest]:
    async with http_client() as http:
        try:
            yield Rest(url, tokens, http, patience=PATIENCE_SECONDS)
        finally:
            await tokens.finish()


async def my_room(rest: Rest, name: str) -> Room:
    """A room that one is in, by id, slug or name. Raises Problem."""
    return _found(await rest.rooms(member=True), name, "you are in no room")


async def any_room(rest: Rest, name: str) -> Room:
    """A room that one may see. Raises Problem."""
    return _found(await rest.rooms(), name, "there is no room")


def _found(rooms: list[Room], name: str, complaint: str) -> Room:
    room = find(rooms, name)
    if room is None:
        raise Problem(f"{complaint} {name!r}, or several have that name; see `parley rooms`")
    return room

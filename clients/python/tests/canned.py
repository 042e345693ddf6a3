"""A server that says what a test wants, for what a real one does only on bad days."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve

Play = Callable[["Canned", ServerConnection], Awaitable[None]]


class Canned:
    """Each connection plays the next of `plays`; the last one again and again. A number denies the handshake."""

    def __init__(self, *plays: Play | int, headers: dict[str, str] | None = None) -> None:
        self._plays = plays
        self._headers = headers or {}
        self._server: Server
        self.connections: list[float] = []
        """When each came, by the loop's clock."""
        self.tokens: list[str] = []
        self.commands: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._play, "127.0.0.1", 0, process_request=self._admit, subprotocols=["parley.v1"]  # type: ignore[list-item]
        )  # fmt: skip
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close(close_connections=True)
        await self._server.wait_closed()

    @property
    def _now(self) -> Play | int:
        return self._plays[min(len(self.connections), len(self._plays)) - 1]

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.connections.append(asyncio.get_running_loop().time())
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        play = self._now
        if not isinstance(play, int):
            return None
        response = connection.respond(HTTPStatus(play), "{}")
        response.headers.update(self._headers)
        return response

    async def _play(self, connection: ServerConnection) -> None:
        play = self._now
        assert not isinstance(play, int)
        await play(self, connection)

    # What plays are made of ---------------------------------------------------------------------

    async def begin(self, connection: ServerConnection) -> None:
        """Up to `ready`."""
        user = {"id": "3", "username": "ada", "name": "Ada"}
        await say(connection, op="hello", protocol="parley.v1", epoch="e", user=user)
        ref = (await self.hear(connection))["ref"]
        await say(connection, op="ready", ref=ref, epoch="e", streams={"user:3": 1}, rooms=[], online=[])

    async def hear(self, connection: ServerConnection) -> dict[str, Any]:
        command: dict[str, Any] = json.loads(await connection.recv())
        self.commands.append(command)
        return command


async def say(connection: ServerConnection, **frame: Any) -> None:
    await connection.send(json.dumps(frame))


def closes(code: int, /, **bye: Any) -> Play:
    """Is ready, says `bye` if there is one, and closes."""

    async def play(canned: Canned, connection: ServerConnection) -> None:
        await canned.begin(connection)
        if bye:
            await say(connection, op="bye", **bye)
        await connection.close(code)

    return play


async def answers(canned: Canned, connection: ServerConnection) -> None:
    """Is ready, and acknowledges every post."""
    await canned.begin(connection)
    while True:
        command = await canned.hear(connection)
        await say(connection, op="ok", ref=command["ref"], message="55", seq=9)


def refuses(**error: Any) -> Play:
    """Is ready, refuses the first command with this, and acknowledges what comes then."""

    async def play(canned: Canned, connection: ServerConnection) -> None:
        await canned.begin(connection)
        command = await canned.hear(connection)
        await say(connection, op="error", ref=command["ref"], **error)
        while True:
            command = await canned.hear(connection)
            await say(connection, op="ok", ref=command["ref"], message="55", seq=9)

    return play

"""A room as it goes on: its history, and then what happens, through whatever breaks, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from parley_client.cli.config import entrance
from parley_client.cli.problem import Problem
from parley_client.cli.session import PATIENCE_SECONDS
from parley_client.cli.text import happened, line, told
from parley_client.client import Client
from parley_client.errors import NotFound
from parley_client.items import Event, Reset
from parley_client.rest import PAGE
from parley_client.shapes import Message, Room

RECENT = 20


async def tail(options: argparse.Namespace) -> None:
    url, tokens = entrance()
    async with Client(url, token=tokens, patience=PATIENCE_SECONDS) as client:
        try:
            room = client.room(options.room)
        except NotFound as error:
            raise Problem(f"{error}, or several have that name; see `parley rooms`") from None
        await _Tail(client, room, as_json=options.json).run(options.since)


class _Tail:
    """`_shown` is the number in the room's stream up to which everything has been printed."""

    def __init__(self, client: Client, room: Room, *, as_json: bool) -> None:
        self._client = client
        self._room = room
        self._as_json = as_json
        self._shown = 0

    async def run(self, since: int | None) -> None:
        # The socket hears already: what happens while the history is read waits in the client.
        if since is None:
            page = await self._client.rest.messages(self._room.id, limit=RECENT)
            for message in page.messages:
                self._print(message)
            self._shown = page.as_of
        else:
            await self._history(since)
        async for event in self._client.events():
            if isinstance(event, Event) and event.type == "room.removed" and event.data["room"] == self._room.id:
                raise Problem("you are not in this room any more")
            if event.stream != self._room.stream:
                continue
            if isinstance(event, Reset):
                # After a restored backup the numbers may begin before what was shown.
                await self._history(min(self._shown, event.seq))
            elif event.seq > self._shown:
                self._show(event)
                self._shown = event.seq

    async def _history(self, after: int) -> None:
        """What was said after this number. Edits, and who came and went, are in how it looks now."""
        while True:
            page = await self._client.rest.messages(self._room.id, after=after, limit=PAGE)
            for message in page.messages:
                self._print(message)
                after = message.seq
            if not page.has_after:
                self._shown = page.as_of
                return

    def _show(self, event: Event) -> None:
        text = json.dumps(asdict(event), ensure_ascii=False) if self._as_json else happened(event)
        if text is not None:
            _out(text)

    def _print(self, message: Message) -> None:
        if self._as_json:
            _out(json.dumps({"type": "message", "data": json.loads(line(message))}, ensure_ascii=False))
        else:
            _out(told(message))


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

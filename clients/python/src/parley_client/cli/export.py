"""A room's whole history, to standard output."""

from __future__ import annotations

import argparse
import sys

from parley_client.cli.session import my_room, session
from parley_client.cli.text import line
from parley_client.shapes import Message


async def export(options: argparse.Namespace) -> None:
    show = line if options.format == "jsonl" else markdown
    async with session() as rest:
        room = await my_room(rest, options.room)
        if options.format == "md":
            print(f"# {room.title}\n")
        async for message in rest.history(room.id):
            sys.stdout.write(show(message) + "\n")


def markdown(message: Message) -> str:
    """A heading of who and when, and the words as they were written."""
    words = "*deleted*" if message.deleted_at is not None else message.body
    edited = ", edited" if message.edited_at and message.deleted_at is None else ""
    name = message.sender.name or message.sender.username
    return f"**{name}** {message.created_at} (number {message.seq}{edited})\n\n{words}\n"

"""Saying something, in as many messages as it takes."""

from __future__ import annotations

import argparse
import sys
import uuid

from parley_client import limits
from parley_client.cli.problem import USAGE, Problem
from parley_client.cli.session import my_room, session
from parley_client.errors import ParleyError


async def send(options: argparse.Namespace) -> None:
    text = _input() if options.text == ["-"] else " ".join(options.text)
    parts = split(text)
    async with session() as rest:
        room = await my_room(rest, options.room)
        for number, part in enumerate(parts):
            try:
                # Tried again under the same id, so that it is there once.
                await rest.post(room.id, part, id=str(uuid.uuid4()))
            except ParleyError as error:
                error.add_note(f"({number} of {len(parts)} messages were acknowledged)")
                raise


def _input() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise Problem("standard input is no UTF-8 text", USAGE) from None


def split(text: str, most: int = limits.BODY_CHARACTERS) -> list[str]:
    """Messages of at most `most` characters, cut between lines; without blank lines at their borders.

    Raises Problem when there is nothing to say, or one line alone is too long: a cut in a line would change it.
    """
    parts: list[str] = []
    part = ""
    for line in text.splitlines(keepends=True):
        if len(line.rstrip("\r\n")) > most:
            raise Problem(f"a line has {len(line):,} characters, {most:,} are the most; nothing was sent", USAGE)
        if len((part + line).rstrip("\r\n")) > most:
            parts.append(part)
            part = ""
        part += line
    parts.append(part)
    parts = [part.strip("\r\n") for part in parts if part.strip()]
    if not parts:
        raise Problem("there is nothing to send", USAGE)
    return parts

"""Which rooms there are; in and out of them."""

from __future__ import annotations

import argparse

from parley_client.cli.session import any_room, my_room, session
from parley_client.cli.text import plain
from parley_client.shapes import Room


async def rooms(options: argparse.Namespace) -> None:
    """A line each: unread, kind, slug or id, name; in columns, by name."""
    async with session() as rest:
        found = await rest.rooms(member=None if options.all else True)
    lines = [_line(room) for room in sorted(found, key=lambda room: room.title.casefold())]
    widths = [max((len(line[column]) for line in lines), default=0) for column in range(3)]
    for line in lines:
        print("  ".join((line[0].rjust(widths[0]), line[1].ljust(widths[1]), line[2].ljust(widths[2]), line[3])))


def _line(room: Room) -> tuple[str, str, str, str]:
    unread = "-" if room.role is None else str(room.unread)
    title = plain(room.title) + (" (archived)" if room.archived else "")
    return unread, room.kind, room.slug or room.id, title


async def join(options: argparse.Namespace) -> None:
    async with session() as rest:
        await rest.join((await any_room(rest, options.room)).id)


async def leave(options: argparse.Namespace) -> None:
    async with session() as rest:
        await rest.leave((await my_room(rest, options.room)).id)

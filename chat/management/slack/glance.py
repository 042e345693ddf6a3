"""What must be known of a room before its first entry is imported."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from chat.management.slack.archive import Archive, Broken
from chat.management.slack.entries import JOINS, LEAVES, Unusable, parse, root

_MOVES: Final = JOINS | LEAVES


@dataclass(frozen=True, slots=True)
class Glance:
    """Who was there before the first day, and the `ts` of what others reply to."""

    present: frozenset[str]
    roots: frozenset[str]


def glance(archive: Archive, folder: str, members: frozenset[str]) -> Glance:
    """Reads a folder once. What is broken in it is told of when it is imported.

    Before the first day those were there of whom no entry says that they came, or only after they went.
    """
    first: dict[str, str] = {}
    roots: set[str] = set()
    for raw in _entries(archive, folder):
        if "thread_ts" in raw and (thread := root(raw)) is not None:
            roots.add(thread)
        if raw.get("subtype") in _MOVES:
            with suppress(Unusable):
                if entry := parse(raw):
                    first.setdefault(entry.author.id, entry.kind)
    came = {key for key, kind in first.items() if kind == "joined"}
    return Glance((members | first.keys()) - came, frozenset(roots))


def _entries(archive: Archive, folder: str) -> Iterator[dict[str, Any]]:
    for name in archive.days(folder):
        with suppress(Broken):
            yield from (raw for raw in archive.entries(name) if isinstance(raw, dict))

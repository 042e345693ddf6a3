"""How single values look on the wire: ids, times, stream names."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_ID: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_STREAM: Final = re.compile(r"(room|user):([1-9][0-9]{0,18})", re.ASCII)
_MAX_ID: Final = 2**63 - 1


def parse_id(text: str) -> int | None:
    """The database id behind an opaque wire id, or None when no row can have it."""
    if not _ID.fullmatch(text):
        return None
    number = int(text)
    return number if number <= _MAX_ID else None


def parse_stream(name: str) -> tuple[str, int] | None:
    """`"room:12"` → `("room", 12)`; None when no stream can have that name."""
    match = _STREAM.fullmatch(name)
    if match is None or int(match[2]) > _MAX_ID:
        return None
    return match[1], int(match[2])


@lru_cache(maxsize=256)  # what is stored together has one time, and the same messages are read again and again
def format_time(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: `2026-11-22T17:00:00.123Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"

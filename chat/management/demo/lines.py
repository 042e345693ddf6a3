"""The talk as it is written down in `talks/*.txt`: a head, then lines of the team.

    @@ ada 3 08:02 key=boats edited=4
    What she said, as Markdown.

is what Ada said three working days ago; a number instead of the time, on day 0, is minutes ago. `key` names a line,
so that another can answer it (`under=boats`); `edited` is minutes later; `deleted` leaves an empty place.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from chat.operations.importing import Said

_TALKS: Final = Path(__file__).parent / "talks"
_HEADER: Final = re.compile(r"^@@ (?P<who>\S+) (?P<day>\d) (?P<when>\S+)(?P<rest>.*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    day: int
    when: str
    body: str
    marks: dict[str, str]


@dataclass(frozen=True, slots=True)
class Talk:
    """A room with what is said in it. `unread` is how many of the last lines the owner has not seen."""

    id: str
    kind: str
    name: str
    topic: str
    members: frozenset[str]
    unread: int
    lines: tuple[Line, ...]


def read(name: str) -> Talk:
    head, *parts = _HEADER.split((_TALKS / f"{name}.txt").read_text(encoding="utf-8"))
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    lines = [Line(who, int(day), when, body.strip(), _marks(rest)) for who, day, when, rest, body in _fives(parts)]
    return Talk(
        id=name,
        kind=fields["kind"],
        name=fields.get("name", ""),
        topic=fields.get("topic", ""),
        members=frozenset(fields["members"].split()),
        unread=int(fields.get("unread", 0)),
        lines=tuple(lines),
    )


def said(talk: Talk, now: datetime) -> list[Said]:
    """The lines as things said, in the order of their times."""
    posts = []
    answered = {line.marks["under"] for line in talk.lines if "under" in line.marks}
    for number, line in enumerate(talk.lines):
        at = moment(line.day, line.when, now)
        key = line.marks.get("key", f"line-{number}")
        deleted = "deleted" in line.marks
        edited = int(line.marks.get("edited", 0))
        posts.append(
            Said(
                id=key,
                by=line.who,
                at=at,
                body="" if deleted else line.body,
                thread=line.marks.get("under"),
                begins=key in answered,
                broadcast=True,
                edited_at=at + timedelta(minutes=edited) if edited else None,
                deleted=deleted,
            )
        )
    return sorted(posts, key=lambda post: post.at)


def moment(day: int, when: str, now: datetime) -> datetime:
    """A time of day (UTC) some working days ago, or so many minutes ago."""
    if day == 0:
        return now - timedelta(minutes=int(when))
    at = _working(now - timedelta(days=1))
    for _ in range(day - 1):
        at = _working(at - timedelta(days=1))
    hour, minute = map(int, when.split(":"))
    return at.replace(hour=hour, minute=minute, second=minute % 50, microsecond=0)


def _working(day: datetime) -> datetime:
    """The day itself, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _marks(rest: str) -> dict[str, str]:
    return {name: value for name, _, value in (mark.partition("=") for mark in rest.split())}


def _fives(parts: list[str]) -> list[tuple[str, str, str, str, str]]:
    return list(zip(*(parts[start::5] for start in range(5)), strict=True))

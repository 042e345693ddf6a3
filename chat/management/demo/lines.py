"""The talk as it is written down in `talks/*.txt`: a head, then lines of the team.

    @@ ada 3 08:02 key=boats edited=4
    What she said, as Markdown.

is what Ada said three working days ago; a number instead of the time, on day 0, is minutes ago, and `now` is said
while the demo is filled. `key` names a line, so that another can answer it (`under=boats`) or stand in its thread
(`in=boats`); `edited` is minutes later; `deleted` leaves an empty place. What is said now is edited by a line `=>` and
the other words.

What else a line has: `react=tada:priya+yuki;heart:ada`, `file=board.png` (see `files.py`), `card` under its link (see
`cards.py`), `pin=ada`, `reported=olena`, and `keep` for the owner.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from chat.management.demo.files import sent
from chat.management.demo.people import OWNER
from chat.models import Room
from chat.operations.importing import Pinned, Said

_TALKS: Final = Path(__file__).parent / "talks"
_HEADER: Final = re.compile(r"^@@ (?P<who>\S+) (?P<day>\d) (?P<when>\S+)(?P<rest>.*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    day: int
    when: str
    body: str
    key: str
    marks: dict[str, str]

    @property
    def now(self) -> bool:
        return self.when == "now"

    @property
    def reactions(self) -> list[tuple[str, list[str]]]:
        """Names of emoji, with who reacted."""
        each = (part.partition(":") for part in self.marks.get("react", "").split(";") if part)
        return [(emoji, names.split("+")) for emoji, _, names in each]


@dataclass(frozen=True, slots=True)
class Talk:
    """A room with what is said in it. `unread` is how many of the last lines the owner has not seen, beside those of
    now.
    """

    id: str
    kind: str
    name: str
    topic: str
    owner: str
    members: frozenset[str]
    moderators: frozenset[str]
    posting: str
    slow_seconds: int
    unread: int
    lines: tuple[Line, ...]


def read(name: str) -> Talk:
    head, *parts = _HEADER.split((_TALKS / f"{name}.txt").read_text(encoding="utf-8"))
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    lines = []
    for number, (who, day, when, rest, body) in enumerate(_fives(parts)):
        marks = _marks(rest)
        lines.append(Line(who, int(day), when, body.strip(), marks.get("key", f"line-{number}"), marks))
    return Talk(
        id=name,
        kind=fields["kind"],
        name=fields.get("name", ""),
        topic=fields.get("topic", ""),
        owner=fields.get("owner", OWNER),
        members=frozenset(fields["members"].split()),
        moderators=frozenset(fields.get("moderators", "").split()),
        posting=fields.get("posting", Room.Posting.EVERYONE),
        slow_seconds=int(fields.get("slow", 0)),
        unread=int(fields.get("unread", 0)),
        lines=tuple(lines),
    )


def said(talk: Talk, now: datetime) -> list[Said]:
    """The lines of the past as things said, in the order of their times."""
    lines = [line for line in talk.lines if not line.now]
    answered = {_answers(line) for line in lines}
    posts = []
    for line in lines:
        at = moment(line.day, line.when, now)
        deleted = "deleted" in line.marks
        edited = int(line.marks.get("edited", 0))
        posts.append(
            Said(
                id=line.key,
                by=line.who,
                at=at,
                body="" if deleted else line.body,
                thread=_answers(line),
                begins=line.key in answered,
                broadcast="in" not in line.marks,
                edited_at=at + timedelta(minutes=edited) if edited else None,
                deleted=deleted,
                reactions=line.reactions,
                files=[sent(line.marks["file"])] if "file" in line.marks else (),
            )
        )
    return sorted(posts, key=lambda post: post.at)


def pins(talk: Talk, now: datetime) -> list[Pinned]:
    pinned = [line for line in talk.lines if "pin" in line.marks]
    return [Pinned(line.key, line.marks["pin"], moment(line.day, line.when, now)) for line in pinned]


def _answers(line: Line) -> str | None:
    return line.marks.get("in") or line.marks.get("under")


def moment(day: int, when: str, now: datetime) -> datetime:
    """A time of day (UTC) some working days ago, or so many minutes ago, or now."""
    if when == "now":
        return now
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

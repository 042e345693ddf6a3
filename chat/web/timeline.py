"""The timeline as a page shows it: messages in groups, between dividers for days and for what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from chat.models.history import Thread
from chat.models.prepared import Row
from chat.web import lines, markup, stored
from chat.web.lines import Line

PAGE_MESSAGES: Final = 60
GROUP_SPAN: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Day:
    kind: ClassVar = "day"
    date: str
    label: str

    @property
    def markup(self) -> bytes:
        return markup.kept("chat/_day.html", item=self).encode()


@dataclass(frozen=True)
class New:
    """Stands before the first unread message."""

    kind: ClassVar = "new"

    @property
    def markup(self) -> bytes:
        return markup.kept("chat/_new.html").encode()


@dataclass(frozen=True)
class Window:
    """A part of a room's history as it is stored: rows of `stored`, and whether there is more on either side."""

    rows: tuple[Row, ...]
    has_before: bool
    has_after: bool
    target: int | None = None


@dataclass(frozen=True)
class Timeline:
    items: list[Line | Day | New]
    has_before: bool
    has_after: bool

    @property
    def markup(self) -> bytes:
        return b"\n        ".join([item.markup for item in self.items])


def newest(room_id: int, thread: Thread = "none") -> Window:
    """The end of the room, or of a thread in it: what one sees on coming in."""
    found = stored.newest(room_id, PAGE_MESSAGES + 1, thread)
    return Window(tuple(found[-PAGE_MESSAGES:]), len(found) > PAGE_MESSAGES, False)


def around(room_id: int, message_id: int, seq: int, thread: Thread = "none") -> Window:
    """The surroundings of one message, which is marked."""
    half = PAGE_MESSAGES // 2
    before = stored.before(room_id, seq, half + 1, thread)
    after = stored.after(room_id, seq - 1, half + 1, thread)
    rows = (*before[-half:], *after[:half])
    return Window(rows, len(before) > half, len(after) > half, message_id)


def timeline(
    window: Window, *, room_url: str, reader_id: int, moderates: bool, read_seq: int, zone: ZoneInfo
) -> Timeline:
    """How the window looks to somebody who has read up to `read_seq`, and moderates the room, or does not."""
    messages = [lines.line(row, room_url, zone) for row in window.rows]
    first_unread = None
    # Otherwise it lies on an earlier page.
    if messages and not (window.has_before and messages[0].seq > read_seq):
        first_unread = _first_unread(messages, reader_id, read_seq)
    today = timezone.localdate(timezone=zone)
    readable = [message.read_by(reader_id, moderates=moderates) for message in messages]
    items = list(_items(readable, first_unread, window.target, today))
    return Timeline(items, window.has_before, window.has_after)


def _first_unread(messages: Iterable[Line], reader_id: int, read_seq: int) -> int | None:
    """The id of the first message of others after the read position."""
    for message in messages:
        if message.seq > read_seq and message.sender.id != reader_id and not message.deleted:
            return message.id
    return None


def _items(
    messages: Iterable[Line], first_unread: int | None, target: int | None, today: date
) -> Iterator[Line | Day | New]:
    previous: Line | None = None
    for message in messages:
        new_day = previous is None or previous.day != message.day
        if new_day:
            yield Day(message.day.isoformat(), day_label(message.day, today))
        if message.id == first_unread:
            yield New()
        placed = message
        if previous is not None and not new_day and message.id != first_unread and _joins(previous, message):
            placed = placed.as_joined
        yield placed.as_target() if message.id == target else placed
        previous = message


def _joins(previous: Line, message: Line) -> bool:
    """Whether the message continues the group of the one before it."""
    return (
        previous.sender.id == message.sender.id
        and not previous.deleted
        and not message.deleted
        and not message.answers
        and message.created_at - previous.created_at < GROUP_SPAN
    )


@lru_cache(1024)
def day_label(day: date, today: date) -> str:
    """`Monday, 3 March`, with the year when it is another than this one."""
    return date_format(day, "l, j F" if day.year == today.year else "l, j F Y")

"""Messages as a page shows them. Most have been shown before, to somebody: their markup is kept."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from chat.models.prepared import Row
from chat.operations.rendering import words
from chat.protocol.values import format_time
from chat.web import markup, stored
from chat.web.attached import Attached, attached
from chat.web.folding import is_long
from chat.web.person import Person
from chat.web.previewed import Previewed, previewed

QUOTE_CHARACTERS: Final = 140
KEPT_LINES: Final = 4096
KEPT_CHARACTERS: Final = 4_000
"""Of a message and of the one that it answers. Longer ones are few, and would fill the memory."""


@dataclass(frozen=True)
class Quote:
    """The message that another one answers."""

    id: int
    url: str
    name: str
    text: str


@dataclass(frozen=True)
class Reaction:
    """An emoji under a message. `users`: the ids of who reacted with it."""

    emoji: str
    users: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.users)

    @property
    def ids(self) -> str:
        return " ".join(map(str, self.users))


@dataclass(frozen=True)
class Replies:
    """What the thread of a message holds. `users`: the ids of who replied first."""

    count: int
    last_at: str
    last: str
    ids: str

    @property
    def text(self) -> str:
        return "1 reply" if self.count == 1 else f"{self.count} replies"


@dataclass(frozen=True, eq=False)
class Line:
    """One message, ready for `_message.html`.

    At its place it is `joined` to the group of the message before it, or the `target` of a permalink.
    """

    kind: ClassVar = "line"
    id: int
    seq: int
    client_id: str
    sender: Person
    url: str
    created_at: datetime
    day: date
    clock: str
    full_time: str
    html: SafeString
    long: bool
    edited: bool
    edited_at: str
    edited_title: str
    deleted: bool
    answers: bool
    reply: Quote | None
    thread: int | None
    reactions: tuple[Reaction, ...]
    replies: Replies | None
    attachments: tuple[Attached, ...]
    pinned: bool
    previews: tuple[Previewed, ...]
    joined: bool = False
    target: bool = False
    root: bool = False
    """It stands above its thread, beside the room where it has its place."""
    history: bool = False
    """Its reader may see what it said before."""

    @property
    def at(self) -> str:
        return format_time(self.created_at)

    @cached_property
    def markup(self) -> bytes:
        return markup.rendered("chat/_message.html", line=self).encode()

    @cached_property
    def as_joined(self) -> "Line":
        return replace(self, joined=True)

    @cached_property
    def _with_history(self) -> "Line":
        return replace(self, history=True)

    def read_by(self, reader_id: int, *, moderates: bool) -> "Line":
        """As this person may see it."""
        return self._with_history if self.edited and (moderates or self.sender.id == reader_id) else self

    def as_target(self) -> "Line":
        return replace(self, target=True)

    def as_root(self) -> "Line":
        return replace(self, root=True)


def line(row: Row, room_url: str, zone: ZoneInfo) -> Line:
    """The message of a row, in the time zone of who reads it."""
    long = len(row[stored.HTML]) > KEPT_CHARACTERS or len(row[stored.QUOTED_HTML] or "") > KEPT_CHARACTERS
    return _line(row, room_url, zone) if long or settings.DEBUG else _kept_line(row, room_url, zone)


def _line(row: Row, room_url: str, zone: ZoneInfo) -> Line:
    return _shown(room_url, zone, *stored.converted(row))


# Found again by all that it shows, so that no change can be missed.
_kept_line = lru_cache(KEPT_LINES)(_line)


def _shown(
    room_url: str,
    zone: ZoneInfo,
    pk: int,
    seq: int,
    client_id: UUID,
    html: str,
    created_at: datetime,
    edited_at: datetime | None,
    deleted_at: datetime | None,
    sender: int,
    username: str,
    name: str,
    hue: int,
    is_bot: bool,
    thread: int | None,
    reactions: list[Any] | None,
    replies: dict[str, Any] | None,
    attachments: list[Any] | None,
    pinned: dict[str, Any] | None,
    previews: list[Any] | None,
    *quoted: Any,
) -> Line:
    local = created_at.astimezone(zone)
    deleted = deleted_at is not None
    edited = None if deleted else edited_at
    answers = quoted[0] is not None
    return Line(
        id=pk,
        seq=seq,
        client_id=str(client_id),
        sender=Person(sender, username, name or username, hue, is_bot),
        url=f"{room_url}{pk}/",
        created_at=created_at,
        day=local.date(),
        clock=local.strftime("%H:%M"),
        full_time=full_time(local),
        # Cleaned when it was rendered, by chat.operations.rendering.
        html=mark_safe(html),
        long=not deleted and is_long(html),
        edited=edited is not None,
        edited_at=format_time(edited) if edited else "",
        edited_title=full_time(edited.astimezone(zone)) if edited else "",
        deleted=deleted,
        answers=answers,
        reply=_quote(room_url, *quoted) if answers and not deleted else None,
        thread=thread,
        reactions=tuple(Reaction(emoji, tuple(users)) for emoji, users in reactions or ()),
        replies=_replies(replies, zone) if replies and replies["count"] else None,
        attachments=attached(attachments),
        pinned=pinned is not None,
        previews=previewed(previews),
    )


def _replies(stored: dict[str, Any], zone: ZoneInfo) -> Replies:
    last = datetime.fromisoformat(stored["last_at"]).astimezone(zone)
    ids = " ".join(map(str, stored["users"]))
    return Replies(stored["count"], stored["last_at"], date_format(last, "j M, H:i"), ids)


def _quote(room_url: str, pk: int, html: str, deleted_at: datetime | None, username: str, name: str) -> Quote:
    url = f"{room_url}{pk}/"
    if deleted_at is not None:
        return Quote(pk, url, "", "a message that was deleted")
    return Quote(pk, url, name or username, words_of(html))


def words_of(html: str) -> str:
    """A message in one line of plain words."""
    return Truncator(words(html)).chars(QUOTE_CHARACTERS)


def full_time(local: datetime) -> str:
    """`Monday, 3 March 2026 at 09:41:07`"""
    return date_format(local, "l, j F Y \\a\\t H:i:s")

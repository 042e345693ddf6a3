"""The timeline as a page shows it: messages in groups, between dividers for days and for what is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from typing import ClassVar

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from chat.models import Membership, Message, Room
from chat.models.messages import MessageQuerySet
from chat.protocol.values import format_time
from chat.web.shell import Person, person

PAGE_MESSAGES = 60
GROUP_SPAN = timedelta(minutes=5)
QUOTE_CHARACTERS = 140


@dataclass(frozen=True)
class Quote:
    """The message that another one answers."""

    id: int
    url: str
    name: str
    text: str


@dataclass(frozen=True)
class Line:
    """One message, ready for `_message.html`."""

    kind: ClassVar = "line"
    id: int
    seq: int
    client_id: str
    sender: Person
    url: str
    at: str
    clock: str
    full_time: str
    html: SafeString
    edited: bool
    edited_at: str
    edited_title: str
    deleted: bool
    reply: Quote | None
    joined: bool
    target: bool


@dataclass(frozen=True)
class Day:
    kind: ClassVar = "day"
    date: str
    label: str


@dataclass(frozen=True)
class New:
    """Stands before the first unread message."""

    kind: ClassVar = "new"


@dataclass(frozen=True)
class Timeline:
    items: list[Line | Day | New]
    has_before: bool
    has_after: bool


def newest(room: Room, membership: Membership, room_url: str) -> Timeline:
    """The end of the room: what one sees on coming in."""
    found = _messages(room).newest(PAGE_MESSAGES + 1)
    page = found[-PAGE_MESSAGES:]
    return _timeline(page, membership, room_url, has_before=len(found) > len(page), has_after=False)


def around(room: Room, membership: Membership, room_url: str, target: Message) -> Timeline:
    """The surroundings of one message, which is marked."""
    half = PAGE_MESSAGES // 2
    before = _messages(room).page_before(target.seq, half + 1)
    after = _messages(room).page_after(target.seq - 1, half + 1)
    return _timeline(
        before[-half:] + after[:half],
        membership,
        room_url,
        has_before=len(before) > half,
        has_after=len(after) > half,
        target=target.pk,
    )


def _messages(room: Room) -> MessageQuerySet:
    return Message.objects.in_room(room).select_related("sender", "reply_to", "reply_to__sender")


def _timeline(
    messages: list[Message],
    membership: Membership,
    room_url: str,
    *,
    has_before: bool,
    has_after: bool,
    target: int | None = None,
) -> Timeline:
    first_unread = _first_unread(messages, membership, has_before)
    return Timeline(list(_items(messages, room_url, first_unread, target)), has_before, has_after)


def _first_unread(messages: list[Message], membership: Membership, has_before: bool) -> int | None:
    """The id of the first message of others after the read position; None when that one is not on this page."""
    if not messages or (has_before and messages[0].seq > membership.read_seq):
        return None
    for message in messages:
        if message.seq > membership.read_seq and message.sender_id != membership.user_id and not message.deleted_at:
            return message.pk
    return None


def _items(
    messages: list[Message], room_url: str, first_unread: int | None, target: int | None
) -> Iterator[Line | Day | New]:
    previous: Message | None = None
    today = timezone.localdate()
    for message in messages:
        day = timezone.localtime(message.created_at).date()
        new_day = previous is None or timezone.localtime(previous.created_at).date() != day
        if new_day:
            yield Day(day.isoformat(), day_label(day, today))
        if message.pk == first_unread:
            yield New()
        joined = not new_day and message.pk != first_unread and previous is not None and _joins(previous, message)
        yield _line(message, room_url, joined=joined, target=message.pk == target)
        previous = message


def _joins(previous: Message, message: Message) -> bool:
    """Whether the message continues the group of the one before it."""
    return (
        previous.sender_id == message.sender_id
        and previous.deleted_at is None
        and message.deleted_at is None
        and message.reply_to_id is None
        and message.created_at - previous.created_at < GROUP_SPAN
    )


def _line(message: Message, room_url: str, *, joined: bool, target: bool) -> Line:
    local = timezone.localtime(message.created_at)
    deleted = message.deleted_at is not None
    edited_at = None if deleted else message.edited_at
    return Line(
        id=message.pk,
        seq=message.seq,
        client_id=str(message.client_id),
        sender=person(message.sender),
        url=f"{room_url}{message.pk}/",
        at=format_time(message.created_at),
        clock=local.strftime("%H:%M"),
        full_time=full_time(local),
        # Cleaned when it was rendered, by chat.operations.rendering.
        html=mark_safe(message.html),
        edited=edited_at is not None,
        edited_at=format_time(edited_at) if edited_at else "",
        edited_title=full_time(timezone.localtime(edited_at)) if edited_at else "",
        deleted=deleted,
        reply=_quote(message.reply_to, room_url) if message.reply_to and not deleted else None,
        joined=joined,
        target=target,
    )


def _quote(message: Message, room_url: str) -> Quote:
    words = " ".join(unescape(strip_tags(message.html)).split())
    if message.deleted_at is not None:
        return Quote(message.pk, f"{room_url}{message.pk}/", "", "a message that was deleted")
    return Quote(
        message.pk,
        f"{room_url}{message.pk}/",
        message.sender.display_name,
        Truncator(words).chars(QUOTE_CHARACTERS),
    )


def day_label(day: date, today: date) -> str:
    """`Monday, 3 March`, with the year when it is another than this one."""
    return date_format(day, "l, j F" if day.year == today.year else "l, j F Y")


def full_time(local: datetime) -> str:
    """`Monday, 3 March 2026 at 09:41:07`"""
    return date_format(local, "l, j F Y \\a\\t H:i:s")

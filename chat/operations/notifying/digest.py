"""Once a day, for who wants it: what was said in their rooms that they have not read, as a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from chat.models import Membership, Message, NotifySettings, Room, User, Workspace
from chat.operations.notifying.mailing import letter, zone_of
from chat.operations.notifying.text import shortened
from chat.operations.rendering.words import words
from chat.operations.search.indexing import names_of
from chat.operations.wire import peers_of

HOUR: Final = 8
"""From then on, by the clock of their time zone, people get theirs."""
ROOMS: Final = 20


@dataclass(frozen=True)
class Line:
    """One room: how much waits there, and the last of it."""

    where: str
    url: str
    unread: int
    mentions: int
    actor: str
    text: str


def due(now: datetime) -> list[int]:
    """The ids of those whose morning it is, and who had none today."""
    wanting = NotifySettings.objects.filter(digest=True, user__is_active=True).exclude(user__email="")
    return [row.user_id for row in wanting.select_related("user") if _is_due(row, now)]


def _is_due(row: NotifySettings, now: datetime) -> bool:
    zone = zone_of(row.user)
    local = now.astimezone(zone)
    return local.hour >= HOUR and (row.digest_at is None or row.digest_at.astimezone(zone).date() < local.date())


def digest_for(user: User, now: datetime) -> EmailMultiAlternatives | None:
    """None when all is read."""
    rows: Any = Membership.objects.live().filter(user=user).exclude(level=Membership.Level.NOTHING)
    waiting = list(
        rows.with_unread().filter(unread__gt=0).select_related("room").order_by("-mentions", "-unread", "pk")
    )
    if not waiting:
        return None
    number = sum(row.unread for row in waiting)
    where = f"{len(waiting)} rooms" if len(waiting) > 1 else "a room"
    context = {
        "lines": _lines(waiting[:ROOMS], user),
        "more": max(0, len(waiting) - ROOMS),
        "home": f"{settings.PUBLIC_URL}/",
    }
    day = now.astimezone(zone_of(user)).date()
    subject = f"{number} unread in {where} of {Workspace.current().name}"
    return letter(user, "digest", f"digest.{user.pk}.{day}", subject, context)


def sent(user_id: int, now: datetime) -> None:
    NotifySettings.objects.filter(user=user_id).update(digest_at=now)


def _lines(waiting: Sequence[Any], user: User) -> list[Line]:
    peers = peers_of([row.room for row in waiting], user.pk)
    return [_line(row, peers.get(row.room_id), user) for row in waiting]


def _line(row: Any, peer: User | None, user: User) -> Line:
    room: Room = row.room
    path = f"/rooms/{room.slug}/" if peer is None else f"/people/{peer.username}/"
    said = Message.objects.in_timeline().filter(room=room, deleted_at=None).exclude(sender=user)
    last = said.select_related("sender").order_by("-seq").first()
    return Line(
        where=f"#{room.name}" if peer is None else peer.display_name,
        url=f"{settings.PUBLIC_URL}{path}",
        unread=row.unread,
        mentions=row.mentions,
        actor="" if last is None else last.sender.display_name,
        text="" if last is None else shortened(words(last.html), names_of(last.attachments)),
    )

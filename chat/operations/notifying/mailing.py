"""What nobody has read for a while, as a mail: grouped by room, with what was said around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from chat.models import Message, Notification, NotifySettings, User, Workspace
from chat.operations.notifying.choices import choose
from chat.operations.notifying.text import shortened
from chat.operations.notifying.wire import notification_data
from chat.operations.rendering.words import words
from chat.operations.wire import peers_of
from chat.protocol.errors import NotFound

UNREAD_FOR: Final = timedelta(minutes=10)
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""What was not mailed by then, for the mail was away, is not mailed any more."""
SHOWN: Final = 20
BEFORE: Final = 2
"""So many messages before each are shown with it."""
_SALT: Final = "chat.mail"


@dataclass(frozen=True)
class Line:
    actor: str
    text: str
    at: datetime
    concerns: bool = True
    """Or it was said before, and shows what it is about."""


@dataclass
class Group:
    """What happened in one room."""

    where: str
    url: str
    lines: list[Line] = field(default_factory=list)


def waiting(now: datetime) -> list[int]:
    """The ids of those who are to get a mail."""
    rows = _due(now).filter(user__is_active=True).exclude(user__email="")
    return list(rows.exclude(user__notify_settings__mails=False).order_by().values_list("user", flat=True).distinct())


def _due(now: datetime) -> Any:
    return Notification.objects.unread().filter(
        mailed_at=None, created_at__gt=now - FORGOTTEN_AFTER, created_at__lte=now - UNREAD_FOR
    )


def mail_for(user: User, now: datetime) -> tuple[EmailMultiAlternatives | None, list[int]]:
    """The mail with what `user` has not read, and the ids of what is in it. None when there is nothing any more."""
    rows = list(
        _due(now)
        .filter(pk__in=Notification.objects.of(user).values("pk"))
        .select_related("actor", "room", "message")
        .order_by("pk")
    )
    if not rows or not user.email:
        return None, [row.pk for row in rows]
    context = {
        "groups": _groups(rows[-SHOWN:], user),
        "more": len(rows) - SHOWN if len(rows) > SHOWN else 0,
        "home": f"{settings.PUBLIC_URL}/notifications/",
    }
    subject = _subject(rows, Workspace.current().name)
    return letter(user, "unread", f"{rows[0].pk}.{rows[-1].pk}", subject, context), [row.pk for row in rows]


def letter(user: User, template: str, key: str, subject: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """A mail to `user` in text and HTML, with times of their zone and a link that stops them. `key` names it: the same
    however often it is sent, so that a mailbox can tell (RFC 5322, section 3.6.4)."""
    context |= {"user": user, "workspace": Workspace.current().name, "stop": stop_url(user)}
    with timezone.override(zone_of(user)):
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string(f"mail/{template}.txt", context),
            to=[user.email],
            headers={
                "Message-ID": f"<{key}@{settings.PUBLIC_URL.partition('://')[2]}>",
                # RFC 8058
                "List-Unsubscribe": f"<{context['stop']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return mail


def zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.time_zone or "UTC")


def mailed(ids: Sequence[int], now: datetime) -> None:
    Notification.objects.filter(pk__in=ids).update(mailed_at=now)


def stop_url(user: User) -> str:
    return f"{settings.PUBLIC_URL}/mail/stop/{signing.dumps(user.pk, salt=_SALT)}/"


def wanting(token: str) -> User:
    """Whose mails the link stops. Raises NotFound when it is none of ours."""
    try:
        pk: int = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise NotFound("there is no such link") from None
    user: User | None = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise NotFound("there is no such link")
    return user


def stop(token: str) -> None:
    """No mails any more. Raises NotFound."""
    with transaction.atomic():
        choose(actor=wanting(token), mails=False, digest=False)


def wants_mails(user: User) -> bool:
    return not NotifySettings.objects.filter(user=user, mails=False).exists()


def _subject(rows: Sequence[Notification], workspace: str) -> str:
    first = rows[0].actor.display_name
    others = len({row.actor_id for row in rows}) - 1
    who = first if not others else f"{first} and {others} other{'s' if others > 1 else ''}"
    return f"{who}: {len(rows)} unread in {workspace}"


def _groups(rows: Sequence[Notification], user: User) -> list[Group]:
    peers = peers_of([row.room for row in rows if row.room is not None], user.pk)
    found: dict[tuple[int | None, int | None], Group] = {}
    shown: set[int] = set()
    for row in rows:
        key = (row.room_id, row.thread_id)
        if key not in found:
            found[key] = _group(row, peers.get(row.room_id or 0))
        group = found[key]
        group.lines += _before(row, shown)
        group.lines.append(Line(row.actor.display_name, _said(row), row.created_at))
        shown.add(row.message_id or 0)
    return list(found.values())


def _group(row: Notification, peer: User | None) -> Group:
    url = f"{settings.PUBLIC_URL}{where(row, peer)}"
    if row.room is None:
        return Group("Parley", url)
    return Group(f"#{row.room.name}" if peer is None else peer.display_name, url)


def where(row: Notification, peer: User | None) -> str:
    """The address of what a notification is about, below the site's. `peer` is the other person of a direct room."""
    if row.room is None:
        return f"/admin/chat/report/{row.seq}/change/" if row.kind == Notification.Kind.REPORT else "/notifications/"
    base = f"/rooms/{row.room.slug}/" if peer is None else f"/people/{peer.username}/"
    if row.kind == Notification.Kind.REPORT:
        return base if peer is not None else f"{base}reports/"
    if row.message_id is None:
        return base
    return f"{base}{row.message_id}/" if row.thread_id is None else f"{base}{row.thread_id}/thread/"


def _said(row: Notification) -> str:
    return notification_data(row).text or row.get_kind_display()


def _before(row: Notification, shown: set[int]) -> list[Line]:
    """What was said just before, as far as it does not stand there already."""
    if row.message is None or row.kind == Notification.Kind.DIRECT:
        return []
    rows = Message.objects.filter(room=row.room_id, thread=row.thread_id, deleted_at=None).before(row.message.seq)
    lines = []
    for message in rows.select_related("sender")[:BEFORE]:
        if message.pk in shown:
            break
        shown.add(message.pk)
        lines.append(Line(message.sender.display_name, shortened(words(message.html)), message.created_at, False))
    return lines[::-1]

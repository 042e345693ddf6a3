"""Notifications on their way to the log."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from chat.models import Membership, Message, Notification, Report, Room, User
from chat.models.notifications import notification_id
from chat.operations.notifying.hearing import levels, quiet_among
from chat.operations.notifying.reading import settle
from chat.operations.notifying.text import shortened, wire_id
from chat.operations.pushing.tasks import push_later
from chat.operations.rendering.words import words
from chat.operations.wire import user_data
from chat.protocol.events import NotificationData, UserData
from chat.protocol.values import format_time
from chat.streams import log
from chat.streams.inserting import insert_many

_COLUMNS: Final = (
    "id",
    "user",
    "kind",
    "actor",
    "room",
    "message",
    "thread",
    "seq",
    "note",
    "created_at",
    "read_at",
    "quiet",
)


class Making:
    """The notifications of one transaction, which holds the streams of `users`, whom it may notify."""

    def __init__(self, additions: log.Additions, at: datetime, users: Collection[int]) -> None:
        self._additions, self._at = additions, at
        self._quiet = quiet_among(users, at)
        self._rows: list[tuple[Any, ...]] = []

    def add(
        self,
        user: int,
        kind: str,
        *,
        actor: UserData,
        room: int | None = None,
        message: int | None = None,
        thread: int | None = None,
        seq: int = 0,
        text: str = "",
    ) -> None:
        """`text` is what `shortened` gives, in one line."""
        pk = notification_id(user, self._additions.head(user) + 1)
        data = NotificationData(
            id=str(pk),
            kind=kind,
            actor=actor,
            room=wire_id(room),
            message=wire_id(message),
            thread=wire_id(thread),
            text=text,
            created_at=format_time(self._at),
            read_at=None,
            quiet=user in self._quiet,
        )
        self._additions.add(user, "notification.created", self._at, data, subject=message)
        self._rows.append(
            (
                pk,
                user,
                kind,
                int(actor.id),
                room,
                message,
                thread,
                seq,
                "" if message else text,
                self._at,
                None,
                data.quiet,
            )
        )

    def write(self) -> None:
        """After the messages that they are about."""
        insert_many(Notification, _COLUMNS, self._rows)
        push_later({row[0]: row[1] for row in self._rows if row[1] not in self._quiet}, self._at)


def tell_mentioned(message: Message, users: Iterable[int], now: datetime, additions: log.Additions) -> None:
    """An edit of `message`, which comes with its `sender`, names these people for the first time."""
    heard = levels({(message.room_id, user) for user in users})
    telling = [user for (_, user), level in heard.items() if level != Membership.Level.NOTHING]
    additions.hold(telling)
    making = Making(additions, now, telling)
    for user in telling:
        making.add(
            user,
            Notification.Kind.MENTION,
            actor=user_data(message.sender),
            room=message.room_id,
            message=message.pk,
            thread=message.thread_id,
            seq=message.seq,
            text=shortened(words(message.html)),
        )
    making.write()


def tell_report(report: Report, room: Room, additions: log.Additions) -> None:
    """Tells those who run the room; of a direct room, the owners of this Parley. `report` comes with its message."""
    users = reported_to(room)
    making = Making(additions, report.created_at, users)
    for user in users:
        if user != report.reporter_id:
            making.add(
                user,
                Notification.Kind.REPORT,
                actor=user_data(report.reporter),
                # Of a talk of two others nothing leads there.
                room=None if room.kind == Room.Kind.DIRECT else room.pk,
                seq=report.pk,
                text=shortened(" ".join(report.reason.split())),
            )
    making.write()


def settle_report(report: Report, now: datetime, additions: log.Additions) -> None:
    """Somebody has closed it: nobody else has to look."""
    told = Notification.objects.filter(kind=Notification.Kind.REPORT, seq=report.pk)
    settle(told.filter(user__in=reported_to(report.room)), now, additions)


def reported_to(room: Room) -> list[int]:
    """The ids of those who are to hear of what is reported there."""
    if room.kind == Room.Kind.DIRECT:
        return list(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
    moderators = Membership.objects.live().moderating().filter(room=room, user__is_active=True, user__is_bot=False)
    return list(moderators.values_list("user", flat=True))


def tell_added(memberships: Sequence[Membership], actor: User, now: datetime, additions: log.Additions) -> None:
    """Tells those whom `actor` has brought into a room. Each comes with its `user`."""
    making = Making(additions, now, [membership.user_id for membership in memberships])
    for membership in memberships:
        if membership.user_id != actor.pk and not membership.user.is_bot:
            making.add(
                membership.user_id,
                Notification.Kind.ADDED,
                actor=user_data(actor),
                room=membership.room_id,
                seq=membership.joined_seq,
            )
    making.write()

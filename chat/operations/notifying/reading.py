"""What has been read: by itself, or by reading what it is about."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from chat.models import Notification, User
from chat.models.notifications import NotificationQuerySet
from chat.operations.notifying.hearing import Pair
from chat.protocol.errors import NotFound
from chat.streams import log
from chat.streams.pairs import with_pairs


def read_notifications(
    *, actor: User, ids: Collection[int] | None = None, room_id: int | None = None, up_to: int | None = None
) -> int:
    """Marks notifications of `actor` as read on all their devices: these ids, those of a room but of none of its
    threads or reports, those up to one, or all.

    Returns how many were unread. Raises NotFound when one of `ids` is none of theirs.
    """
    with transaction.atomic(), log.adding([actor.pk]) as additions:
        mine: NotificationQuerySet = Notification.objects.filter(user=actor)
        wanted = mine.unread()
        if ids is not None:
            if mine.filter(pk__in=ids).count() < len(set(ids)):
                raise NotFound("there is no such notification", field="notifications")
            wanted = wanted.filter(pk__in=ids)
        if room_id is not None:
            wanted = wanted.filter(room=room_id, thread=None).exclude(kind=Notification.Kind.REPORT)
        if up_to is not None:
            wanted = wanted.filter(pk__lte=up_to)
        everything = ids is None and room_id is None and up_to is None
        now = timezone.now()
        if everything:
            number = wanted.update(read_at=now)
            if number:
                additions.add(actor.pk, "notification.read", now, {"notifications": None})
            return number
        return _tell({actor.pk: list(wanted.values_list("pk", flat=True))}, now, additions)


def read_so_far(positions: Mapping[Pair, int], now: datetime, additions: log.Additions) -> None:
    """Within a transaction that holds the streams of these people: they have read rooms up to these numbers."""
    wanted, parameters = with_pairs("wanted", positions.keys())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {wanted}
            SELECT n.id, n.user_id, n.room_id, n.seq FROM wanted CROSS JOIN chat_notification n
            WHERE n.room_id = wanted.one AND n.user_id = wanted.other AND n.read_at IS NULL AND n.thread_id IS NULL
                AND n.kind <> %s
            """,
            [*parameters, Notification.Kind.REPORT],
        )
        found: dict[int, list[int]] = defaultdict(list)
        for pk, user, room, seq in cursor:
            if seq <= positions[room, user]:
                found[user].append(pk)
    _tell(found, now, additions)


def read_threads_so_far(positions: Mapping[Pair, int], now: datetime, additions: log.Additions) -> None:
    """As `read_so_far`, of threads: (root id, user id) → number."""
    if not positions:
        return
    threads, users = zip(*positions, strict=True)
    rows = Notification.objects.unread().filter(user__in=set(users), thread__in=set(threads))
    found: dict[int, list[int]] = defaultdict(list)
    for pk, user, thread, seq in rows.values_list("pk", "user", "thread", "seq"):
        if thread is not None and seq <= positions.get((thread, user), 0):
            found[user].append(pk)
    _tell(found, now, additions)


def settle(rows: "QuerySet[Notification]", now: datetime, additions: log.Additions) -> None:
    """What these are about is gone: nobody has to read it. Their streams are held from here on."""
    found: dict[int, list[int]] = defaultdict(list)
    for pk, user in rows.filter(read_at=None).values_list("pk", "user"):
        found[user].append(pk)
    additions.hold(found)
    _tell(found, now, additions)


def _tell(found: Mapping[int, Iterable[int]], now: datetime, additions: log.Additions) -> int:
    """Marks them as read, those of each person in one event; returns how many there were."""
    ids = [pk for each in found.values() for pk in each]
    if not ids:
        return 0
    Notification.objects.filter(pk__in=ids).update(read_at=now)
    for user, each in sorted(found.items()):
        data: Any = {"notifications": [str(pk) for pk in each]}
        if data["notifications"]:
            additions.add(user, "notification.read", now, data)
    return len(ids)

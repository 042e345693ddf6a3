"""Who wants to hear of what: a few statements for all posts of a transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from chat.models import Membership, NotifySettings
from chat.models.prepared import Prepared
from chat.streams.pairs import with_pairs

Pair = tuple[int, int]
"""(room id, user id)"""
Level = Membership.Level


def levels(pairs: Collection[Pair]) -> dict[Pair, str]:
    """What these want to hear of their rooms, for those who are in the room, enabled, and no bots."""
    if not pairs:
        return {}
    wanted, parameters = with_pairs("wanted", pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {wanted}
            SELECT m.room_id, m.user_id, COALESCE(NULLIF(m.level, ''), s.level, %s)
            FROM wanted CROSS JOIN chat_membership m
            JOIN chat_user u ON u.id = m.user_id LEFT JOIN chat_notifysettings s ON s.user_id = m.user_id
            WHERE m.room_id = wanted.one AND m.user_id = wanted.other AND m.left_seq IS NULL
                AND u.is_active AND NOT u.is_bot
            """,
            [*parameters, Level.MENTIONS],
        )
        return {(room, user): level for room, user, level in cursor}


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who wants each message of a room looked at: for `keywords`, or to hear it whatever it says."""

    user: int
    all: bool
    keywords: tuple[str, ...]


_listening: Final = Prepared(
    lambda rooms: (
        Membership.objects.live()
        .filter(listens=True, room__in=rooms, user__is_active=True, user__is_bot=False)
        .values_list("room", "user", "level", "user__notify_settings__level", "user__notify_settings__keywords")
    ),
    rooms=list[int],
)


def listeners(rooms: Collection[int]) -> dict[int, list[Listener]]:
    """Room id → who listens there. Most rooms have none."""
    found: dict[int, list[Listener]] = {}
    rows = _listening.converted(_listening(rooms=list(rooms))) if rooms else ()
    for room, user, level, default, keywords in rows:
        found.setdefault(room, []).append(Listener(user, (level or default) == Level.ALL, tuple(keywords or ())))
    return found


def quiet_among(users: Collection[int], at: datetime) -> set[int]:
    """Those for whom nothing makes a noise just now."""
    if not users:
        return set()
    rows = NotifySettings.objects.filter(user__in=users).filter(Q(paused_until__gt=at) | Q(quiet_from__isnull=False))
    return {row.user_id for row in rows.select_related("user") if is_quiet(row, at)}


def is_quiet(settings: NotifySettings, at: datetime) -> bool:
    """Whether somebody has paused, or it is one of their quiet hours. `settings` comes with its `user`."""
    if settings.paused_until is not None and settings.paused_until > at:
        return True
    start, end = settings.quiet_from, settings.quiet_to
    if start is None or end is None:
        return False
    now = at.astimezone(ZoneInfo(settings.user.time_zone or "UTC")).time()
    return start <= now < end if start <= end else now >= start or now < end


def everybody(rooms: Collection[int]) -> dict[int, list[int]]:
    """Room id → the ids of all who are in it."""
    found: dict[int, list[int]] = {}
    if rooms:
        for room, user in Membership.objects.live().filter(room__in=rooms).values_list("room", "user"):
            found.setdefault(room, []).append(user)
    return found

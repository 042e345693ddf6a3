"""The end of a room's import for those who follow its threads: nothing that was imported is unread."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from chat.models import Membership, Message, Room, ThreadFollower, message_id
from chat.streams import log

_CHUNK: Final = 500


def read(room: Room, roots: Iterable[int], last_before: int) -> None:
    """Who follows a thread since an import has read it, and so has who had read all of it up to message `last_before`,
    the last one before this import. `roots` got replies by it. Those who are in the room are told.
    """
    head = log.heads([room.pk])[room.pk]
    members = set(Membership.objects.live().filter(room=room).values_list("user_id", flat=True))
    while rows := list(_new(room)[:_CHUNK]):
        _move(rows, room, head, members)
    before = sorted(root for root in roots if root <= message_id(room.pk, last_before))
    for start in range(0, len(before), _CHUNK):
        if rows := list(_up_to_date(before[start : start + _CHUNK], last_before)):
            _move(rows, room, head, members)


def _new(room: Room) -> QuerySet[ThreadFollower]:
    # Between the ids of the room's messages, so that the index of the roots finds them.
    bounds = {"root__gte": message_id(room.pk, 0), "root__lt": message_id(room.pk + 1, 0)}
    return ThreadFollower.objects.filter(read_seq=0, **bounds).order_by("root", "user")


def _up_to_date(roots: Sequence[int], last_before: int) -> QuerySet[ThreadFollower]:
    replies = Message.objects.filter(thread=OuterRef("root_id"), seq__gt=OuterRef("read_seq"), deleted_at=None)
    others = replies.exclude(sender=OuterRef("user_id"))
    missed, new = others.filter(seq__lte=last_before), others.filter(seq__gt=last_before)
    return ThreadFollower.objects.following().filter(~Exists(missed), Exists(new), root__in=roots)


def _move(rows: Sequence[ThreadFollower], room: Room, head: int, members: set[int]) -> None:
    told = {row.user_id for row in rows} & members
    with transaction.atomic(), log.adding(told) as additions:
        ThreadFollower.objects.filter(pk__in=[row.pk for row in rows]).update(read_seq=head)
        now = timezone.now()
        for row in rows:
            if row.user_id in told:
                data = {
                    "thread": str(row.root_id),
                    "room": str(room.pk),
                    "following": row.following,
                    "seq": head,
                    "read_seq": head,
                    "unread": 0,
                    "mentions": 0,
                }
                additions.add(row.user_id, "thread.updated", now, data)

"""The end of a room's import: who is in it, how far they have read, and who must hear of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from chat.models import Imported, Membership, Message, Room
from chat.operations.importing import following, pinning
from chat.operations.importing.items import Place
from chat.operations.importing.known import Known
from chat.operations.importing.people import People
from chat.operations.importing.stays import Stays
from chat.operations.membership import member_updated
from chat.operations.wire import peers_of, place_data, room_data
from chat.streams import log

_CHUNK: Final = 200


def complete(room: Room, place: Place, people: People, known: Known, last_before: int, replied: Iterable[int]) -> None:
    """Those brought in by an import are told of the room, all of which counts as read, and so do its threads.

    So it does for those who had read everything up to message `last_before`, the last one before this import.
    `replied` are the roots of the threads that it added to.
    """
    imported = Imported.objects.get(source=people.source, external_id=place.id)
    if not imported.complete:
        with transaction.atomic(), log.adding([room.pk]) as additions:
            # Whoever joined or left here since is left alone by later imports.
            _settle(room, place, people, imported.position or place.created_at, additions)
            pinning.pin(room, place, people, known, additions)
            imported.complete = True
            imported.save(update_fields=["complete"])
    head = log.heads([room.pk])[room.pk]
    live = Membership.objects.live().filter(room=room)
    stale = live.filter(read_seq=0) | live.filter(read_seq__gte=last_before, read_seq__lt=last_message(room))
    waiting = list(stale.order_by("user").values_list("user_id", flat=True))
    for start in range(0, len(waiting), _CHUNK):
        chunk = waiting[start : start + _CHUNK]
        with transaction.atomic(), log.adding(chunk) as additions:
            _tell(room, chunk, head, additions)
    following.read(room, replied, last_before)


def last_message(room: Room) -> int:
    """The number of the room's last message, 0 before the first."""
    return Message.objects.in_room(room).order_by("-seq").values_list("seq", flat=True).first() or 0


def _settle(room: Room, place: Place, people: People, at: datetime, additions: log.Additions) -> None:
    stays = Stays(room)
    wanted = people.users(sorted(place.members))
    for user in wanted:
        if not user.is_bot or room.kind == Room.Kind.DIRECT:
            stays.join(user, at, additions)
    if wanted and room.kind != Room.Kind.DIRECT:
        brought = Membership.objects.live().filter(room=room, read_seq=0).exclude(user__in=wanted)
        for membership in brought.select_related("user"):
            stays.leave(membership.user, at, additions)
    stays.write()
    if room.kind != Room.Kind.DIRECT:
        _give_owner(room, at, additions)
    if place.archived and room.archived_at is None:
        room.archived_at = at
        room.save(update_fields=["archived_at"])
        additions.add(room.pk, "room.archived", at, {"room": room_data(room)})


def _give_owner(room: Room, at: datetime, additions: log.Additions) -> None:
    members = Membership.objects.live().filter(room=room)
    if members.filter(role=Membership.Role.OWNER).exists():
        return
    heir = members.filter(user__is_active=True).order_by("joined_seq").select_related("user").first()
    if heir is not None:
        heir.role = Membership.Role.OWNER
        heir.save(update_fields=["role"])
        member_updated(heir, at, additions)


def _tell(room: Room, users: list[int], head: int, additions: log.Additions) -> None:
    now = timezone.now()
    memberships = list(Membership.objects.live().filter(room=room, user__in=users))
    for membership in memberships:
        new = membership.read_seq == 0
        membership.room, membership.read_seq = room, head
        data: dict[str, Any]
        if new:
            peer = peers_of([room], membership.user_id).get(room.pk) if room.kind == Room.Kind.DIRECT else None
            data = {"room": place_data(membership, peer, head)}
            additions.add(membership.user_id, "room.added", now, data)
        else:
            data = {"room": str(room.pk), "seq": head, "read_seq": head, "unread": 0, "mentions": 0}
            additions.add(membership.user_id, "read.moved", now, data)
    Membership.objects.bulk_update(memberships, ["read_seq"])

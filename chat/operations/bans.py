"""Keeping somebody out of a room for good: putting them out alone lets them come in again."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chat.models import AuditEntry, Membership, Room, RoomBan, User
from chat.models.moderation import REASON_CHARACTERS
from chat.operations import audit, checking
from chat.operations.membership import outranks, put_out
from chat.protocol.errors import Forbidden, NotFound
from chat.streams import log


def ban_member(*, actor: User | None, room_id: int, user_id: int, reason: str = "") -> RoomBan:
    """Puts somebody out, if they are in, and lets them in no more. Once is enough: again changes the reason.

    Raises:
        BadRequest: the reason is too long.
        NotFound: `actor` may not see the room, or there is no such person.
        Forbidden: `actor` does not moderate the room or may not put this person out, or it is direct.
    """
    words = checking.text("reason", reason, most=REASON_CHARACTERS)
    room = checking.room_of(actor, room_id)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("nobody is banned from a direct room")
    if not User.objects.filter(pk=user_id).exists():
        raise NotFound("there is no such person", field="user")
    with transaction.atomic(), log.adding([room_id, user_id]) as additions:
        mine = checking.moderates(actor, room)
        if actor is not None and actor.pk == user_id:
            raise Forbidden("nobody bans themself", field="user")
        stays = Membership.objects.live().filter(room=room, user=user_id)
        membership = stays.select_related("room", "user").first()
        now = timezone.now()
        if membership is not None:
            if mine is not None and not outranks(mine, membership):
                raise Forbidden("you may not put this person out", field="user")
            put_out(membership, now, additions)
        told = {"reason": words, "by": actor}
        ban, new = RoomBan.objects.update_or_create(
            room=room, user_id=user_id, defaults=told, create_defaults=told | {"at": now}
        )
        if new:
            details = {"reason": words} if words else {}
            audit.record(AuditEntry.Act.MEMBER_BANNED, actor=actor, room=room_id, user=user_id, details=details)
    return ban


def lift_ban(*, actor: User | None, room_id: int, user_id: int) -> None:
    """Lets somebody in again, by the doors that are open to everybody.

    Raises:
        NotFound: `actor` may not see the room, or the person is not banned.
        Forbidden: `actor` does not moderate the room.
    """
    room = checking.room_of(actor, room_id)
    with transaction.atomic(), log.adding([room_id]):
        checking.moderates(actor, room)
        if not RoomBan.objects.filter(room=room, user=user_id).delete()[0]:
            raise NotFound("this person is not banned", field="user")
        audit.record(AuditEntry.Act.MEMBER_UNBANNED, actor=actor, room=room_id, user=user_id)


def bans_of(room: Room) -> "QuerySet[RoomBan]":
    """Each comes with its `user` and who did it."""
    return RoomBan.objects.filter(room=room).select_related("user", "by")

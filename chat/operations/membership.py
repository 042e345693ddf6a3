"""Who is in a room, and how far they have read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.models import AuditEntry, Membership, Notification, Room, RoomBan, User
from chat.operations import audit, checking
from chat.operations.notifying.choices import listeners_among
from chat.operations.notifying.making import tell_added
from chat.operations.notifying.reading import read_so_far, settle
from chat.operations.wire import peers_of, place_data, user_data
from chat.protocol.errors import BadRequest, Forbidden, NotFound, Refused
from chat.protocol.values import format_time
from chat.streams import log, writer


def enter(
    room: Room, roles: Mapping[User, str], now: datetime, additions: log.Additions, *, actor: User | None = None
) -> None:
    """Makes people members within a transaction that holds the streams of the room and of each of them. Those whom
    `actor` brings in are notified. What kept somebody from writing when they left keeps them still.

    Raises Forbidden when one of them is banned.
    """
    users = [user.pk for user in roles]
    if RoomBan.objects.filter(room=room, user__in=users).exists():
        raise Forbidden("who is banned from the room is not let in", field="user")
    memberships = []
    listening = listeners_among(users)
    before = {stay.user_id: stay for stay in Membership.objects.ended().filter(room=room, user__in=users)}
    for user, role in roles.items():
        membership = Membership(room=room, user=user, role=role, listens=user.pk in listening)
        _carry_over(before.get(user.pk), membership, now)
        membership.joined_seq = additions.add(room.pk, "member.joined", now, member_data(membership))
        memberships.append(membership)
    head = additions.head(room.pk)
    for membership in memberships:
        membership.read_seq = head
    Membership.objects.bulk_create(memberships)
    for membership in memberships:
        peer = peers_of([room], membership.user_id).get(room.pk) if room.kind == Room.Kind.DIRECT else None
        place = place_data(membership, peer, head)
        additions.add(membership.user_id, "room.added", now, {"room": place})
    if actor is not None and room.kind != Room.Kind.DIRECT:
        tell_added(memberships, actor, now, additions)


def _carry_over(before: Membership | None, membership: Membership, now: datetime) -> None:
    """From the last stay."""
    if before is None or membership.moderates:
        return
    membership.posted_at = before.posted_at
    if before.muted_until is not None and before.muted_until > now:
        membership.muted_until = before.muted_until


def join_room(*, actor: User, room_id: int) -> int:
    """Enters an open room; returns the number of the event. Entering twice changes nothing.

    Raises:
        NotFound: `actor` may not see the room.
        Forbidden: it is archived, or not open.
    """
    room = checking.room_of(actor, room_id)
    with transaction.atomic(), log.adding([room_id, actor.pk]) as additions:
        room.refresh_from_db()
        membership = Membership.objects.live().filter(room=room, user=actor).first()
        if membership is not None:
            return membership.joined_seq
        if room.kind != Room.Kind.OPEN:
            raise NotFound("there is no such room", field="room")
        checking.open_for_writing(room)
        enter(room, {actor: Membership.Role.MEMBER}, timezone.now(), additions)
        return additions.head(room_id)


def add_member(*, actor: User | None, room_id: int, user_id: int, role: str = Membership.Role.MEMBER) -> int:
    """Brings somebody in; returns the number of the event. Any member may into an open room, moderators into a private.

    Raises:
        BadRequest: there is no such user or role.
        NotFound: `actor` may not see the room.
        Forbidden: `actor` may not do this, or the room is direct or archived.
    """
    room = checking.room_of(actor, room_id)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise BadRequest("there is no such user", field="user")
    _check_role(role)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("nobody enters a direct room")
    with transaction.atomic(), log.adding([room_id, user_id]) as additions:
        room.refresh_from_db()
        checking.open_for_writing(room)
        if actor is not None:
            mine = checking.membership_of(actor, room)
            if not mine.moderates and (room.kind == Room.Kind.PRIVATE or role != Membership.Role.MEMBER):
                raise Forbidden("only owners and moderators of the room may do this")
            if role == Membership.Role.OWNER and mine.role != Membership.Role.OWNER:
                raise Forbidden("only owners of the room may make owners")
        membership = Membership.objects.live().filter(room=room, user=user).first()
        if membership is not None:
            return membership.joined_seq
        enter(room, {user: role}, timezone.now(), additions, actor=actor)
        return additions.head(room_id)


def leave_room(*, actor: User, room_id: int) -> int:
    """Leaves a room; returns the number of the event. The last owner's place goes to whoever has been in longest.

    Raises:
        NotFound: `actor` may not see the room.
        Forbidden: `actor` is not in it, or it is direct.
    """
    return _end(actor, room_id, actor.pk)


def remove_member(*, actor: User | None, room_id: int, user_id: int) -> int:
    """Puts somebody out; returns the number of the event. Moderators may put out members, owners anybody.

    Raises:
        NotFound: `actor` may not see the room, or `user_id` is not in it.
        Forbidden: `actor` may not do this, or the room is direct.
    """
    return _end(actor, room_id, user_id)


def _end(actor: User | None, room_id: int, user_id: int) -> int:
    room = checking.room_of(actor, room_id)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("nobody leaves a direct room")
    with transaction.atomic(), log.adding([room_id, user_id]) as additions:
        mine = None if actor is None else checking.membership_of(actor, room)
        membership = Membership.objects.live().filter(room=room, user=user_id).select_related("room", "user").first()
        if membership is None:
            raise NotFound("this person is not in the room", field="user")
        if mine is not None and mine.user_id != user_id:
            if not outranks(mine, membership):
                raise Forbidden("you may not put this person out")
            audit.record(AuditEntry.Act.MEMBER_REMOVED, actor=actor, room=room_id, user=user_id)
        return put_out(membership, timezone.now(), additions)


def outranks(mine: Membership, other: Membership) -> bool:
    """Whether whoever has the one may put out whoever has the other."""
    return mine.role == Membership.Role.OWNER or (mine.moderates and other.role == Membership.Role.MEMBER)


def put_out(membership: Membership, now: datetime, additions: log.Additions) -> int:
    """Ends a stay, within a transaction that holds the streams of the room and of the person; returns the number of the
    event. `membership` comes with its `room` and `user`."""
    room, user = membership.room, membership.user
    seq = additions.add(room.pk, "member.left", now, {"room": str(room.pk), "user": user_data(user)})
    membership.left_seq = seq
    membership.save(update_fields=["left_seq"])
    additions.add(user.pk, "room.removed", now, {"room": str(room.pk)})
    settle(Notification.objects.filter(user=user, room=room), now, additions)
    if membership.role == Membership.Role.OWNER:
        _hand_over(room, now, additions)
    return seq


def _hand_over(room: Room, now: datetime, additions: log.Additions) -> None:
    """A room whose last owner went gets a new one, the longest-standing moderator before any member."""
    left = Membership.objects.live().filter(room=room).select_related("user")
    if left.filter(role=Membership.Role.OWNER).exists():
        return
    heir = left.order_by("-role", "joined_seq").first()  # "moderator" sorts after "member"
    if heir is not None:
        _set_role(heir, Membership.Role.OWNER, now, additions)


def change_role(*, actor: User | None, room_id: int, user_id: int, role: str) -> int:
    """Makes a member an owner, moderator or member; returns the number of the event, or the head if nothing changed.

    Raises:
        BadRequest: there is no such role.
        NotFound: `actor` may not see the room, or `user_id` is not in it.
        Forbidden: `actor` does not own the room, or the room would be left without an owner.
    """
    room = checking.room_of(actor, room_id)
    _check_role(role)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("a direct room has no roles")
    with transaction.atomic(), log.adding([room_id]) as additions:
        if actor is not None and checking.membership_of(actor, room).role != Membership.Role.OWNER:
            raise Forbidden("only owners of the room may do this")
        members = Membership.objects.live().filter(room=room)
        membership = members.filter(user=user_id).select_related("user").first()
        if membership is None:
            raise NotFound("this person is not in the room", field="user")
        if membership.role == role:
            return additions.head(room_id)
        if membership.role == Membership.Role.OWNER and members.filter(role=Membership.Role.OWNER).count() == 1:
            raise Forbidden("a room needs an owner: make somebody else one first", field="role")
        details = {"role": [membership.role, role]}
        audit.record(AuditEntry.Act.ROLE_CHANGED, actor=actor, room=room_id, user=user_id, details=details)
        return _set_role(membership, role, timezone.now(), additions)


def _set_role(membership: Membership, role: str, now: datetime, additions: log.Additions) -> int:
    membership.role = role
    if membership.moderates:
        membership.muted_until = None
    membership.save(update_fields=["role", "muted_until"])
    return member_updated(membership, now, additions)


def member_updated(membership: Membership, now: datetime, additions: log.Additions) -> int:
    """Tells how a member stands now; returns the number of the event. `membership` comes with its `user`."""
    return additions.add(membership.room_id, "member.updated", now, member_data(membership))


def member_data(membership: Membership) -> dict[str, Any]:
    """As events of the room tell it. `membership` comes with its `user`."""
    until = membership.muted_until
    return {
        "room": str(membership.room_id),
        "user": user_data(membership.user),
        "role": membership.role,
        "muted_until": None if until is None else format_time(until),
    }


def _check_role(role: str) -> None:
    if role not in Membership.Role.values:
        raise BadRequest(f"role is one of: {', '.join(Membership.Role.values)}", field="role")


@dataclass(frozen=True, slots=True)
class Reading:
    """`user_id` has read `room_id` up to event `seq`; with `unread` this may move back."""

    user_id: int
    room_id: int
    seq: int
    unread: bool = False


def mark_read(*, user: User, room_id: int, seq: int, unread: bool = False) -> None:
    """Moves the read position of `user`, on all their devices. It never moves back unless `unread`.

    Raises:
        BadRequest: `seq` is negative.
        NotFound: `user` is not in the room.
    """
    writer.commit(commit_readings, Reading(user.pk, room_id, seq, unread))


def commit_readings(readings: Sequence[Reading]) -> list[Refused | None]:
    """Moves many read positions in one transaction: a `chat.streams.committing.Commit`."""
    with transaction.atomic(), log.adding({reading.user_id for reading in readings}) as additions:
        memberships = Membership.objects.live().filter(
            room__in={reading.room_id for reading in readings}, user__in={reading.user_id for reading in readings}
        )
        by_place = {(row.room_id, row.user_id): row for row in memberships.select_related("room__stream")}
        outcomes: list[Refused | None] = []
        moved: dict[int, Membership] = {}
        for reading in readings:
            membership = by_place.get((reading.room_id, reading.user_id))
            if membership is None:
                outcomes.append(NotFound("there is no such room", field="room"))
            elif reading.seq < 0:
                outcomes.append(BadRequest("seq is negative", field="seq"))
            else:
                outcomes.append(None)
                seq = min(reading.seq, membership.room.stream.head)
                if seq > membership.read_seq or (reading.unread and seq != membership.read_seq):
                    membership.read_seq = seq
                    moved[membership.pk] = membership
        if moved:
            Membership.objects.bulk_update(moved.values(), ["read_seq"])
            _tell_moved(list(moved), additions)
            positions = {(row.room_id, row.user_id): row.read_seq for row in moved.values()}
            read_so_far(positions, timezone.now(), additions)
    return outcomes


def _tell_moved(ids: list[int], additions: log.Additions) -> None:
    now = timezone.now()
    # The head in the same statement as the counts: who counts on from there counts right.
    for membership in Membership.objects.filter(pk__in=ids).with_unread().select_related("room__stream"):
        counts: Any = membership
        data = {
            "room": str(membership.room_id),
            "seq": membership.room.stream.head,
            "read_seq": membership.read_seq,
            "unread": counts.unread,
            "mentions": counts.mentions,
        }
        additions.add(membership.user_id, "read.moved", now, data)

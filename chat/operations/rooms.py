"""Rooms: made, renamed, archived."""

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from chat.models import AuditEntry, Membership, Room, User
from chat.operations import audit, checking
from chat.operations.membership import enter
from chat.operations.wire import room_data
from chat.protocol.errors import BadRequest, Conflict, Forbidden
from chat.protocol.events import RoomData
from chat.protocol.limits import NAME_CHARACTERS, TOPIC_CHARACTERS
from chat.streams import log

MEMBERS_AT_ONCE = 1_000
SLUG_TRIES = 5
SLOWEST_SECONDS: Final = 21_600
RESERVED_SLUGS = {"new"}  # /rooms/new/ is the page that makes one


def create_room(*, actor: User, name: str, kind: str, members: Iterable[int] = (), topic: str = "") -> Room:
    """Makes an open or private room. `actor` becomes its owner; `members` are ids of people who are in from the start.

    Raises:
        BadRequest: the name, topic or kind cannot be, or a member does not exist.
    """
    name = checking.text("name", name, most=NAME_CHARACTERS, required=True)
    topic = checking.text("topic", topic, most=TOPIC_CHARACTERS)
    if kind not in (Room.Kind.OPEN, Room.Kind.PRIVATE):
        raise BadRequest("kind is one of: open, private, direct", field="kind")
    others = people(set(members) - {actor.pk})
    with transaction.atomic():
        room = _add_named(kind=kind, name=name, topic=topic, created_by=actor)
        roles = {actor: Membership.Role.OWNER} | dict.fromkeys(others, Membership.Role.MEMBER)
        _fill(room, roles, timezone.now())
    return room


def open_direct(*, actor: User, other: User) -> Room:
    """The direct room of two people, made if they have none. Two who open it at once get the same."""
    key = Room.direct_key_of(actor.pk, other.pk)
    room = Room.objects.filter(direct_key=key).first()
    if room is not None:
        return room
    if not other.is_active:
        raise Forbidden("this person's account is disabled", field="members")
    try:
        with transaction.atomic():
            room = Room(kind=Room.Kind.DIRECT, direct_key=key, created_by=actor)
            room.save()
            _fill(room, dict.fromkeys([actor, other], Membership.Role.MEMBER), timezone.now())
    except IntegrityError:
        return Room.objects.get(direct_key=key)
    return room


def update_room(
    *,
    actor: User | None,
    room_id: int,
    name: str | None = None,
    topic: str | None = None,
    archived: bool | None = None,
    posting: str | None = None,
    slow_seconds: int | None = None,
    previews: bool | None = None,
) -> Room:
    """Changes what is given. The slug stays, so that links keep working.

    Raises:
        BadRequest: a value cannot be.
        NotFound: `actor` may not see the room.
        Forbidden: `actor` does not moderate it, or it is direct.
    """
    room = checking.room_of(actor, room_id)
    checking.moderates(actor, room)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("a direct room has no settings")
    with transaction.atomic(), log.adding([room_id]) as additions:
        room = Room.objects.get(pk=room_id)
        before = room_data(room)
        was_archived = room.archived_at is not None
        if name is not None:
            room.name = checking.text("name", name, most=NAME_CHARACTERS, required=True)
        if topic is not None:
            room.topic = checking.text("topic", topic, most=TOPIC_CHARACTERS)
        if posting is not None:
            if posting not in Room.Posting.values:
                raise BadRequest(f"posting is one of: {', '.join(Room.Posting.values)}", field="posting")
            room.posting = posting
        if slow_seconds is not None:
            if not 0 <= slow_seconds <= SLOWEST_SECONDS:
                raise BadRequest(f"slow_seconds are from 0 to {SLOWEST_SECONDS}", field="slow_seconds")
            room.slow_seconds = slow_seconds
        if previews is not None:
            room.previews = previews
        now = timezone.now()
        if archived is not None and archived != was_archived:
            room.archived_at = now if archived else None
        if room_data(room) == before:
            return room
        room.save()
        _record(actor, before, room_data(room))
        type_ = "room.archived" if room.archived_at is not None and not was_archived else "room.updated"
        additions.add(room_id, type_, now, {"room": room_data(room)})
    return room


def _record(actor: User | None, before: RoomData, after: RoomData) -> None:
    fields = ("name", "topic", "posting", "slow_seconds", "previews")
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    changes = {field: [old[field], new[field]] for field in fields if old[field] != new[field]}
    if changes:
        audit.record(AuditEntry.Act.ROOM_CHANGED, actor=actor, room=int(after.id), details=changes)
    if before.archived != after.archived:
        act = AuditEntry.Act.ROOM_ARCHIVED if after.archived else AuditEntry.Act.ROOM_RESTORED
        audit.record(act, actor=actor, room=int(after.id))


def people(ids: Iterable[int]) -> Sequence[User]:
    """The enabled people with these ids, or BadRequest naming one that there is not."""
    wanted = set(ids)
    if len(wanted) > MEMBERS_AT_ONCE:
        raise BadRequest(f"at most {MEMBERS_AT_ONCE:,} members at once", field="members")
    found = User.objects.filter(is_active=True).in_bulk(wanted)
    missing = wanted - set(found)
    if missing:
        raise BadRequest(f"there is no user {min(missing)}", field="members")
    return list(found.values())


def free_slug(name: str, kind: str) -> str:
    """A slug for `name` that no room has: `general`, `general-2`, …

    A private room's ends in something random: whoever makes a room of the same name does not learn of it.
    """
    base = slugify(name, allow_unicode=True)[: NAME_CHARACTERS - 16] or "room"
    if kind == Room.Kind.PRIVATE:
        base = f"{base}-{secrets.token_hex(3)}"
    taken = {*RESERVED_SLUGS, *Room.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _add_named(**fields: Any) -> Room:
    """A new room under a free slug, also when others make rooms of that name at the same moment."""
    for _ in range(SLUG_TRIES):
        room = Room(slug=free_slug(fields["name"], fields["kind"]), **fields)
        with suppress(IntegrityError), transaction.atomic():
            room.save()
            return room
    raise Conflict("many rooms are getting this name just now", field="name")


def _fill(room: Room, roles: dict[User, Membership.Role], now: datetime) -> None:
    with log.adding([room.pk, *(user.pk for user in roles)]) as additions:
        enter(room, roles, now, additions, actor=room.created_by)

"""The rooms of somebody, with what is unread in each."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from django.db.models import IntegerField, OuterRef, Subquery

from chat.models import Membership, Mention, Message, Room, User
from chat.models.prepared import Prepared
from chat.protocol.events import PlaceData, UserData
from chat.web import addresses

UNREAD_COUNTED: Final = 1_000
"""A page says no more than "99+", and the socket tells its script the number: to count all takes the longer the less
somebody has read."""


class Place(PlaceData, frozen=True, omit_defaults=True):
    """A room as the page of one of its members, and the script of that page, are told of it."""

    url: str = ""

    @property
    def may_invite(self) -> bool:
        moderates = self.role in (Membership.Role.OWNER, Membership.Role.MODERATOR)
        return moderates and self.kind != Room.Kind.DIRECT and not self.archived


def places(user_id: int, room_id: int | None = None) -> list[Place]:
    """By name; archived ones only when they are `room_id`. Two queries at most."""
    rows = _rooms.converted(_rooms(user=user_id))
    peer_ids = {pk: _peer_id(direct_key, user_id) for pk, *_, direct_key in rows if direct_key}
    people = _people(set(peer_ids.values()))
    found = [_place(row, people.get(peer_ids.get(row[0], 0))) for row in rows]
    shown = (place for place in found if not place.archived or place.id == str(room_id))
    return sorted(shown, key=lambda place: (place.name.casefold(), place.id))


def _peer_id(direct_key: str, user_id: int) -> int:
    return Room(direct_key=direct_key).peer_id(user_id)


def _place(row: tuple[Any, ...], peer: UserData | None) -> Place:
    pk, slug, name, kind, topic, archived_at, role, head, read_seq, unread, mentions, _ = row
    return Place(
        id=str(pk),
        slug=slug,
        name=name if peer is None else peer.name,
        kind=kind,
        topic=topic,
        archived=archived_at is not None,
        role=role,
        seq=head,
        read_seq=read_seq,
        unread=unread,
        mentions=mentions,
        peer=peer,
        url=addresses.of_room(slug) if slug else addresses.of_person(peer.username if peer else "-"),
    )


class _Count(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


_unread: Final = (
    Message.objects.filter(room=OuterRef("room_id"), seq__gt=OuterRef("read_seq"), deleted_at=None)
    .exclude(sender=OuterRef("user_id"))
    .values("seq")[:UNREAD_COUNTED]
)
_mentions: Final = Mention.objects.filter(
    user=OuterRef("user_id"), room=OuterRef("room_id"), seq__gt=OuterRef("read_seq")
).values("seq")[:UNREAD_COUNTED]
_rooms: Final = Prepared(
    lambda user: (
        Membership.objects.live()
        .filter(user=user)
        .annotate(unread=_Count(_unread), mentions=_Count(_mentions))
        .values_list(
            "room",
            "room__slug",
            "room__name",
            "room__kind",
            "room__topic",
            "room__archived_at",
            "role",
            "room__stream__head",
            "read_seq",
            "unread",
            "mentions",
            "room__direct_key",
        )
    ),
    user=int,
)


def _people(ids: Iterable[int]) -> dict[int | None, UserData]:
    """Those with these ids, by id."""
    wanted = list(ids)
    if not wanted:
        return {}
    # A handful of statements do for any number: the last place is filled up with itself.
    size = 1 << (len(wanted) - 1).bit_length()
    wanted += wanted[-1:] * (size - len(wanted))
    read = _reading(size)
    rows = read.converted(read(**{f"id{number}": pk for number, pk in enumerate(wanted)}))
    return {pk: UserData(str(pk), username, name or username, is_bot, hue) for pk, username, name, is_bot, hue in rows}


@cache
def _reading(size: int) -> Prepared:
    return Prepared(
        lambda **ids: User.objects.filter(pk__in=ids.values()).values_list("pk", "username", "name", "is_bot", "hue"),
        **{f"id{number}": int for number in range(size)},
    )

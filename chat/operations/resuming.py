"""What resuming asks the database, for many people at once."""

import uuid
from collections.abc import Sequence
from itertools import groupby

from chat.models import Login, Membership, Room, User
from chat.operations.wire import place_data
from chat.protocol.events import PlaceData


def places_of(people: Sequence[tuple[int, uuid.UUID]]) -> list[list[PlaceData] | None]:
    """The rooms of each (user id, login id), or None where that login has ended meanwhile.

    Two queries for all, a third for the other persons of direct rooms. A room comes with the head of its stream at the
    moment at which its unread messages were counted.
    """
    memberships = (
        Membership.objects.live()
        .filter(user__in={user_id for user_id, _ in people})
        .with_unread()
        .select_related("room__stream")
        .order_by("user", "room")
    )
    found = {user_id: list(group) for user_id, group in groupby(memberships, key=lambda each: each.user_id)}
    # Only after the memberships: whose login has ended by then gets none of them.
    live = set(Login.objects.live().filter(pk__in=[login for _, login in people]).values_list("pk", "user"))
    peers = _peers(found)
    return [
        [
            place_data(membership, peers.get(_peer_id(membership)), membership.room.stream.head)
            for membership in found.get(user_id, ())
        ]
        if (login_id, user_id) in live
        else None
        for user_id, login_id in people
    ]


def _peers(found: dict[int, list[Membership]]) -> dict[int, User]:
    ids = {_peer_id(membership) for memberships in found.values() for membership in memberships} - {0}
    return User.objects.in_bulk(ids) if ids else {}


def _peer_id(membership: Membership) -> int:
    """The other person of a direct room, 0 in any other."""
    room = membership.room
    return room.peer_id(membership.user_id) if room.kind == Room.Kind.DIRECT else 0

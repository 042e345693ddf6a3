"""What resuming asks the database, for many people at once."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from chat.models import Login, Membership, Room
from chat.models.prepared import Prepared, Row
from chat.operations.notifying.wire import unread_of
from chat.operations.wire import PLACE_COLUMNS, people_data, place_fields
from chat.protocol.events import PlaceData, UnreadData

_memberships: Final = Prepared(
    lambda people: (
        Membership.objects.live()
        .filter(user__in=people)
        .with_unread()
        .order_by("user", "room")
        .values_list("user", *PLACE_COLUMNS)
    ),
    people=list[int],
)
_logins: Final = Prepared(
    lambda logins: Login.objects.live().filter(pk__in=logins).values_list("pk", "user"), logins=list[uuid.UUID]
)


class Stand(NamedTuple):
    """The rooms of somebody, and how many notifications they have not read."""

    places: list[PlaceData]
    notifications: UnreadData


def stands_of(people: Sequence[tuple[int, uuid.UUID]]) -> list[Stand | None]:
    """How each (user id, login id) stands, or None where that login has ended meanwhile.

    Three queries for all, a fourth for the other persons of direct rooms. A room comes with the head of its stream at
    the moment at which its unread messages were counted.
    """
    found: dict[int, list[Row]] = defaultdict(list)
    for user_id, *row in _memberships(people=list({user_id for user_id, _ in people})):
        found[user_id].append(tuple(row))
    notifications = unread_of({user_id for user_id, _ in people})
    # Only after the memberships: whose login has ended by then gets none of them.
    live = set(_logins.converted(_logins(logins=[login for _, login in people])))
    peers = people_data({_peer_id(row, user_id) for user_id, rows in found.items() for row in rows} - {0})
    return [
        Stand(
            [PlaceData(**place_fields(row, peers.get(_peer_id(row, user_id)))) for row in found.get(user_id, ())],
            notifications[user_id],
        )
        if (login_id, user_id) in live
        else None
        for user_id, login_id in people
    ]


def _peer_id(row: Row, user_id: int) -> int:
    """The other person of a direct room, 0 in any other."""
    direct_key = row[-1]
    return Room.peer_in(direct_key, user_id) if direct_key else 0

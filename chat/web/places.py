"""The rooms of somebody, with what is unread in each."""

from typing import Any, Final

from django.db.models import IntegerField, OuterRef, Subquery

from chat.models import Membership, Mention, Message, Room
from chat.models.prepared import Prepared
from chat.operations.wire import PLACE_COLUMNS, people_data, place_fields
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
    rows = _rooms(user=user_id)
    peer_ids = {pk: Room.peer_in(direct_key, user_id) for pk, *_, direct_key in rows if direct_key}
    people = people_data(set(peer_ids.values()))
    found = [_place(row, people.get(peer_ids.get(row[0], 0))) for row in rows]
    shown = (place for place in found if not place.archived or place.id == str(room_id))
    return sorted(shown, key=lambda place: (place.name.casefold(), place.id))


def _place(row: tuple[Any, ...], peer: UserData | None) -> Place:
    slug, url = row[1], addresses.of_person(peer.username if peer else "-")
    return Place(**place_fields(row, peer), url=addresses.of_room(slug) if slug else url)


class _Count(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


_others: Final = (
    Message.objects.in_timeline()
    .filter(room=OuterRef("room_id"), seq__gt=OuterRef("read_seq"), deleted_at=None)
    .exclude(sender=OuterRef("user_id"))
)
_unread: Final = _others.values("seq")[:UNREAD_COUNTED]
_to_everybody: Final = _others.to_everybody().values("seq")[:UNREAD_COUNTED]
_mentions: Final = (
    Mention.objects.filter(
        user=OuterRef("user_id"), room=OuterRef("room_id"), seq__gt=OuterRef("read_seq"), thread=None
    )
    .beside_everybody()
    .values("seq")[:UNREAD_COUNTED]
)
_rooms: Final = Prepared(
    lambda user: (
        Membership.objects.live()
        .filter(user=user)
        .annotate(unread=_Count(_unread), mentions=_Count(_mentions) + _Count(_to_everybody))
        .values_list(*PLACE_COLUMNS)
    ),
    user=int,
)

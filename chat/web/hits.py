"""Messages in a list, each with its room, that lead to where they stand: what a search found, what is kept at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from chat.models import Message, Room, User
from chat.operations.search.excerpts import Piece
from chat.operations.search.finding import Hit
from chat.operations.wire import peers_of
from chat.web import addresses
from chat.web.lines import full_time
from chat.web.person import Person, person


@dataclass(frozen=True)
class Item:
    """A hit. `where`: the room, or the other person of a direct talk."""

    url: str
    where: str
    sender: Person
    at: str
    when: str
    full_time: str
    pieces: tuple[Piece, ...]


def items(hits: Sequence[Hit], user: User) -> list[Item]:
    peers = peers_of([hit.message.room for hit in hits], user.pk)
    return [_item(hit, peers.get(hit.message.room_id)) for hit in hits]


def _item(hit: Hit, peer: User | None) -> Item:
    message, room = hit.message, hit.message.room
    local = timezone.localtime(message.created_at)
    return Item(
        url=_address(message, room, peer),
        where=room.name if peer is None else peer.display_name,
        sender=person(message.sender),
        at=message.created_at.isoformat(),
        when=when(local),
        full_time=full_time(local),
        pieces=hit.excerpt,
    )


def _address(message: Message, room: Room, peer: User | None) -> str:
    base = addresses.of_room(room.slug or "") if peer is None else addresses.of_person(peer.username)
    return f"{base}{message.pk}/"


def when(local: datetime) -> str:
    """`09:41` today, else `3 Mar`, with the year when it is another."""
    today = timezone.localdate()
    if local.date() == today:
        return local.strftime("%H:%M")
    return date_format(local, "j M" if local.year == today.year else "j M Y")

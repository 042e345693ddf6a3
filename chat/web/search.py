"""The page of search: what one looks for, and where it was said. `begin` stands in the field, to be typed on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format

from chat.models import Message, Room, User
from chat.operations.search import asking
from chat.operations.search.excerpts import Piece
from chat.operations.search.finding import ORDERS, Found, Hit, search
from chat.operations.wire import peers_of
from chat.protocol.errors import BadRequest, NotFound
from chat.protocol.values import parse_id
from chat.web import addresses
from chat.web.lines import full_time
from chat.web.page import member_page, sentence, show
from chat.web.person import Person, person, reader

PAGE_HITS: Final = 20
EXAMPLES: Final = (
    ("release notes", "both words, or their beginnings"),
    ('"night run"', "just these words, side by side"),
    ("from:me", "said by somebody: a user name, or me"),
    ("in:#general", "in a room, or in:@name for a direct talk"),
    ("on:2026-03", "on a day, in a month or a year; also before: and after:"),
    ("has:file", "with a file, a link or code"),
    ("-draft", "without a word"),
)


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


@member_page
def page(request: HttpRequest) -> HttpResponseBase:
    query, order = request.GET.get("q", "").replace("\x00", "").strip(), request.GET.get("sort", "newest")
    order = order if order in ORDERS else "newest"
    found, problem = Found([], None), ""
    if query:
        after = parse_id(request.GET.get("cursor", ""))
        try:
            wanted = asking.wanted(reader(request), query)
            found = search(reader(request), wanted, order=order, after=after, limit=PAGE_HITS)
        except (BadRequest, NotFound) as refused:
            problem = sentence(refused)
    context = {
        "heading": "Search",
        "query": query,
        "field": query or request.GET.get("begin", "").replace("\x00", ""),
        "order": order,
        "problem": problem,
        "items": _items(found.hits, reader(request)),
        "next": found.next,
        "examples": EXAMPLES,
    }
    return show(request, "pages/search.html", context, title=f"{query} · Search" if query else "Search")


def _items(hits: list[Hit], user: User) -> list[Item]:
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
        when=_when(local),
        full_time=full_time(local),
        pieces=hit.excerpt,
    )


def _address(message: Message, room: Room, peer: User | None) -> str:
    base = addresses.of_room(room.slug or "") if peer is None else addresses.of_person(peer.username)
    return f"{base}{message.pk}/"


def _when(local: datetime) -> str:
    today = timezone.localdate()
    if local.date() == today:
        return local.strftime("%H:%M")
    return date_format(local, "j M" if local.year == today.year else "j M Y")

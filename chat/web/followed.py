"""The threads that the reader follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format

from chat.models import Room, ThreadFollower, User
from chat.operations.wire import peers_of
from chat.web import addresses
from chat.web.lines import words_of
from chat.web.page import member_page, show
from chat.web.person import Person, person, reader

PAGE_THREADS = 30


@dataclass(frozen=True)
class Item:
    """A thread in the list. `where`: the room, or the other person of a direct talk."""

    url: str
    where: str
    sender: Person
    text: str
    replies: int
    last: str
    unread: int
    mentions: int


@member_page
def threads(request: HttpRequest) -> HttpResponseBase:
    """Those with something unread first, then by their last reply."""
    user = reader(request)
    rows: Any = ThreadFollower.objects.of_member(user).exclude(root__thread_replies=None).with_unread()
    rows = rows.select_related("root__sender", "root__room").annotate(
        last=KeyTextTransform("last_at", "root__thread_replies")
    )
    ordered = rows.alias(waiting=Q(unread__gt=0)).order_by("-waiting", "-last", "-pk")
    page = Paginator(ordered, PAGE_THREADS).get_page(request.GET.get("page"))
    context = {"threads": _items(list(page), user), "paging": page}
    return show(request, "pages/threads.html", context, title="Threads")


def _items(rows: list[Any], user: User) -> list[Item]:
    peers = peers_of([row.root.room for row in rows], user.pk)
    return [_item(row, peers.get(row.root.room_id)) for row in rows]


def _item(row: Any, peer: User | None) -> Item:
    room: Room = row.root.room
    url = addresses.of_room(room.slug or "") if peer is None else addresses.of_person(peer.username)
    last = datetime.fromisoformat(row.last).astimezone(timezone.get_current_timezone())
    return Item(
        url=f"{url}{row.root_id}/thread/",
        where=f"#{room.name}" if peer is None else peer.display_name,
        sender=person(row.root.sender),
        text="a message that was deleted" if row.root.deleted_at else words_of(row.root.html),
        replies=row.root.thread_replies["count"],
        last=date_format(last, "j M, H:i"),
        unread=row.unread,
        mentions=row.mentions,
    )

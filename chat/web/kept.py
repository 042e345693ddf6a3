"""Messages at hand: those that a room has pinned, and those that the reader has kept for themselves."""

from collections.abc import Sequence
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from chat.models import Bookmark, Message, User
from chat.operations.search.finding import hit_of
from chat.web.hits import Item, items
from chat.web.page import member_page, show
from chat.web.person import reader
from chat.web.room_view import RoomView, direct, named

PAGE_MESSAGES: Final = 50


@member_page
def bookmarks(request: HttpRequest) -> HttpResponseBase:
    user = reader(request)
    rows = Bookmark.objects.of(user).select_related("message__sender", "message__room").order_by("-pk")
    page = Paginator(rows, PAGE_MESSAGES).get_page(request.GET.get("page"))
    context = {"items": _items([row.message for row in page], user), "paging": page}
    return show(request, "pages/bookmarks.html", context, title="Kept for later")


@member_page
def pins(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _pins(request, named(slug, reader(request)))


@member_page
def direct_pins(request: HttpRequest, username: str) -> HttpResponseBase:
    peer = User.objects.named(username).first()
    return _pins(request, peer and direct(reader(request), peer))


def _pins(request: HttpRequest, view: RoomView | None) -> HttpResponseBase:
    if view is None or not view.face.role or view.face.id is None:
        raise Http404("there is no such room")
    rows = Message.objects.pinned_in(view.face.id).select_related("sender", "room")
    context = {"room": view, "items": _items(list(rows), reader(request))}
    title = f"Pinned in {view.face.name}"
    return show(request, "pages/pins.html", context, title=title, room_id=view.face.id)


def _items(messages: Sequence[Message], user: User) -> list[Item]:
    return items([hit_of(message) for message in messages], user)

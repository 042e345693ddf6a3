"""People, and talks with one of them."""

from django.core.paginator import Paginator
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import User, names
from chat.operations import rooms
from chat.streams.writer import perform
from chat.web import person as persons
from chat.web.page import member_page, show
from chat.web.person import reader
from chat.web.room import talk, talk_in_thread
from chat.web.room_view import direct, unopened

PAGE_PEOPLE = 50


@member_page
def people(request: HttpRequest) -> HttpResponseBase:
    query = request.GET.get("q", "").strip().replace("\x00", "")
    found = User.objects.filter(is_active=True)
    if query:
        found = found.filter(Q(name__icontains=query) | Q(username_key__contains=names.key(query)))
    found = found.order_by(Lower(Coalesce(NullIf("name", Value("")), "username")), "pk")
    page = Paginator(found, PAGE_PEOPLE).get_page(request.GET.get("page"))
    context = {"people": [persons.person(user) for user in page], "paging": page, "query": query}
    return show(request, "pages/people.html", context, title="People")


@member_page
def person(request: HttpRequest, username: str, message_id: int | None = None) -> HttpResponseBase:
    """GET: the talk with somebody, or the offer to begin one. POST: begins it, or says something in it."""
    user = reader(request)
    peer = User.objects.named(username).first()
    if peer is None:
        raise Http404("there is nobody of this name")
    if peer.username != username:
        return redirect("person", peer.username)
    view = direct(user, peer)
    if view is None:
        return _begin(request, user, peer, message_id)
    return talk(request, view, message_id)


@member_page
def thread(request: HttpRequest, username: str, message_id: int) -> HttpResponseBase:
    """As `chat.web.room.thread`, of a direct talk."""
    peer = User.objects.named(username).first()
    view = None if peer is None else direct(reader(request), peer)
    if view is None:
        raise Http404("there is no such thread")
    return talk_in_thread(request, view, message_id)


def _begin(request: HttpRequest, user: User, peer: User, message_id: int | None) -> HttpResponseBase:
    if message_id is not None or not peer.is_active:
        raise Http404("there is no such talk")
    if request.method == "POST":
        perform(rooms.open_direct, actor=user, other=peer)
        return redirect("person", peer.username)
    view = unopened(peer)
    return show(request, "chat/new_direct.html", {"room": view}, title=view.face.name)

"""A room as its members see it, and as those see it who are not in it yet."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.models import Membership, Message, Room, User, Workspace
from chat.operations import checking
from chat.operations import membership as memberships
from chat.operations.days import first_since
from chat.operations.search.dates import period
from chat.streams.writer import perform
from chat.web import saying
from chat.web import thread as threads
from chat.web.page import member_page, show
from chat.web.person import reader
from chat.web.places import places
from chat.web.room_page import LAST_ROOM_COOKIE, show_room, show_thread
from chat.web.room_view import RoomView, named


@member_page
def home(request: HttpRequest) -> HttpResponseBase:
    """To the room that was open last, else to the one that everybody enters, else to any of one's own."""
    mine = {place.id: place.url for place in places(reader(request).pk)}
    for room_id in (request.COOKIES.get(LAST_ROOM_COOKIE, ""), str(Workspace.current().lobby_id)):
        if room_id in mine:
            return redirect(mine[room_id])
    return redirect(next(iter(mine.values()), "rooms"))


@member_page
def room(request: HttpRequest, slug: str, message_id: int | None = None) -> HttpResponseBase:
    """GET: the room, at its end or at one message. POST: a message from a browser without the script."""
    view = named(slug, reader(request))
    if view is None:
        raise Http404("there is no such room")
    if not view.face.role:
        view.member_count = Membership.objects.live().filter(room=view.face.id).count()
        return show(request, "chat/outside.html", {"room": view}, title=view.face.name)
    return talk(request, view, message_id)


def talk(request: HttpRequest, view: RoomView, message_id: int | None) -> HttpResponseBase:
    """What somebody who is in the room sees of it, or says in it."""
    if request.method == "POST":
        return saying.post(request, view)
    if message_id is None:
        return _to_day(request, view) or show_room(request, view)
    messages = Message.objects.in_room(view.face.id or 0)
    found = messages.filter(pk=message_id).values_list("seq", "thread").first()
    if found is None:
        raise Http404("there is no such message")
    seq, root = found
    if root is None:
        return show_room(request, view, (message_id, seq))
    return show_thread(request, view, threads.read(reader(request), view, root, (message_id, seq)))


def _to_day(request: HttpRequest, view: RoomView) -> HttpResponseBase | None:
    """To the first message since the day that is asked for."""
    if not (day := request.GET.get("on")):
        return None
    found = first_since(view.face.id or 0, period(day, "on").start)
    if found is None:
        return redirect(view.face.url)
    return redirect(f"{view.face.url}{found}/")


@member_page
def thread(request: HttpRequest, slug: str, message_id: int) -> HttpResponseBase:
    """GET: the room with the thread of a message beside it. POST: a reply from a browser without the script."""
    view = named(slug, reader(request))
    if view is None or not view.face.role:
        raise Http404("there is no such thread")
    return talk_in_thread(request, view, message_id)


def talk_in_thread(request: HttpRequest, view: RoomView, message_id: int) -> HttpResponseBase:
    if request.method == "POST":
        return saying.post(request, view, message_id)
    return show_thread(request, view, threads.read(reader(request), view, message_id))


@require_POST
@member_page
def join(request: HttpRequest, slug: str) -> HttpResponseBase:
    user = reader(request)
    found = room_named(user, slug)
    perform(memberships.join_room, actor=user, room_id=found.pk)
    return redirect("room", slug=slug)


@require_POST
@member_page
def leave(request: HttpRequest, slug: str) -> HttpResponseBase:
    user = reader(request)
    found = room_named(user, slug)
    perform(memberships.leave_room, actor=user, room_id=found.pk)
    messages.success(request, f"You left {found.name}.")
    return redirect("rooms")


def room_named(user: User, slug: str) -> Room:
    """The room with this slug, if `user` may know of it; else 404."""
    found = Room.objects.visible_to(user).select_related("stream", "created_by").filter(slug=slug).first()
    if found is None:
        raise Http404("there is no such room")
    return found


def moderated_room(request: HttpRequest, slug: str) -> tuple[User, Room]:
    """The reader and the room with this slug, if they moderate it; else 404, or Forbidden."""
    user = reader(request)
    return user, checking.moderated(user, room_named(user, slug).pk)


def membership_in(user: User, found: Room) -> Membership | None:
    return Membership.objects.live().filter(room=found, user=user).first()

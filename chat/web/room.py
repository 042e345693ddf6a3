"""A room as its members see it, and as those see it who are not in it yet."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.models import Membership, Message, Room, User, Workspace
from chat.operations import membership as memberships
from chat.operations import posting
from chat.protocol.errors import Refused
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web import timeline
from chat.web.page import member_page, sentence, show
from chat.web.panel import panel
from chat.web.room_view import RoomView
from chat.web.shell import places, reader

LAST_ROOM_COOKIE = "last_room"
YEAR_SECONDS = 365 * 24 * 3600


@member_page
def home(request: HttpRequest) -> HttpResponseBase:
    """To the room that was open last, else to the one that everybody enters, else to any of one's own."""
    mine = {place.data.id: place.url for place in places(reader(request), None)}
    for room_id in (request.COOKIES.get(LAST_ROOM_COOKIE, ""), str(Workspace.current().lobby_id)):
        if room_id in mine:
            return redirect(mine[room_id])
    return redirect(next(iter(mine.values()), "rooms"))


@member_page
def room(request: HttpRequest, slug: str, message_id: int | None = None) -> HttpResponseBase:
    """GET: the room, at its end or at one message. POST: a message from a browser without the script."""
    user = reader(request)
    found = room_named(user, slug)
    membership = membership_in(user, found)
    view = RoomView.of(found, membership)
    if membership is None:
        view.member_count = Membership.objects.live().filter(room=found).count()
        return show(request, "chat/outside.html", {"room": view}, title=found.name)
    if request.method == "POST":
        return post(request, view, membership)
    return show_room(request, view, membership, message_id)


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


def membership_in(user: User, found: Room) -> Membership | None:
    return Membership.objects.live().filter(room=found, user=user).first()


def show_room(
    request: HttpRequest, view: RoomView, membership: Membership, message_id: int | None = None
) -> HttpResponseBase:
    """The room at its end, or at one message of it; the head of its log was read before its messages."""
    if message_id is None:
        lines = timeline.newest(view.room, membership, view.url)
    else:
        target = Message.objects.in_room(view.room).filter(pk=message_id).first()
        if target is None:
            raise Http404("there is no such message")
        lines = timeline.around(view.room, membership, view.url, target)
    context = {"room": view, "timeline": lines, "focus": message_id, "panel_members": panel(view.room)}
    response = show(request, "chat/room.html", context, title=view.name, room_id=view.room.pk)
    response.set_cookie(LAST_ROOM_COOKIE, str(view.id), max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def post(request: HttpRequest, view: RoomView, membership: Membership) -> HttpResponseBase:
    """Posts what a browser without the script sends; what is refused comes back with the reason, to be sent again."""
    view.draft_id = _client_id(request)
    # Browsers send the line ends of HTML forms.
    view.draft = request.POST.get("body", "").replace("\r\n", "\n")
    try:
        posting.post_message(
            sender=reader(request),
            room_id=view.room.pk,
            client_id=view.draft_id,
            body=view.draft,
            reply_to=parse_id(request.POST.get("reply_to", "")),
        )
    except Refused as refused:
        view.draft_error = sentence(refused)
        return show_room(request, view, membership)
    return redirect(view.url)


def _client_id(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid.uuid4()

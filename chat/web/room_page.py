"""The page of a room for who is in it: all that it shows is read first, and only what the browser lacks is rendered."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from chat.models import Message
from chat.web import markup, timeline, unchanged
from chat.web.page import is_fragment, panel_state, read_shell, show, theme
from chat.web.panel import panel
from chat.web.person import person, reader
from chat.web.room_view import RoomView
from chat.web.timeline import Window

LAST_ROOM_COOKIE = "last_room"
YEAR_SECONDS = 365 * 24 * 3600


def show_room(request: HttpRequest, view: RoomView, message_id: int | None = None) -> HttpResponseBase:
    """The room at its end, or at one message of it; the head of its log was read before its messages."""
    room_id = view.face.id or 0
    window, members, shell = _window(room_id, message_id), panel(room_id), read_shell(request, room_id)
    etag = unchanged.etag(request, view.face, view.as_of, view.read_seq, window, members, shell, *_reader(request))
    response = unchanged.not_modified(request, etag)
    if response is None:
        lines = timeline.timeline(
            window,
            room_url=view.face.url,
            reader_id=reader(request).pk,
            read_seq=view.read_seq,
            zone=timezone.get_current_timezone(),
        )
        context = {
            "room": view,
            "timeline": lines,
            "lines_here": markup.LINES_HERE,
            "focus": message_id,
            "panel_members": members,
        }
        title, content = view.face.name, lines.markup
        response = show(request, "chat/room.html", context, title=title, room_id=room_id, shell=shell, lines=content)
        if etag is not None:
            response["ETag"] = etag
    response.set_cookie(LAST_ROOM_COOKIE, str(room_id), max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def _window(room_id: int, message_id: int | None) -> Window:
    if message_id is None:
        return timeline.newest(room_id)
    seq = Message.objects.filter(room=room_id, pk=message_id).values_list("seq", flat=True).first()
    if seq is None:
        raise Http404("there is no such message")
    return timeline.around(room_id, message_id, seq)


def _reader(request: HttpRequest) -> tuple[Any, ...]:
    """What the page shows of who reads it, and of their browser."""
    user = reader(request)
    rights = (user.is_superuser, user.is_staff, bool(user.time_zone))
    return person(user), *rights, is_fragment(request), theme(request), panel_state(request)

"""The page of a room for who is in it: all that it shows is read first, and only what the browser lacks is rendered."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from chat.web import markup, stored, timeline, unchanged
from chat.web import thread as threads
from chat.web.page import FRAGMENT_HEADER, format_bar_state, is_fragment, panel_state, read_shell, show, theme
from chat.web.panel import panel
from chat.web.person import person, reader
from chat.web.room_view import RoomView
from chat.web.thread import Thread

PANEL = "panel"
"""Value of the fragment header: only what stands beside the room is wanted."""
LAST_ROOM_COOKIE = "last_room"
YEAR_SECONDS = 365 * 24 * 3600


def show_room(
    request: HttpRequest, view: RoomView, target: tuple[int, int] | None = None, thread: Thread | None = None
) -> HttpResponseBase:
    """The room at its end, or at one message (id, number) of it; the head of its log was read before its messages.

    With a thread that stands beside it, in the place of its members.
    """
    room_id = view.face.id or 0
    window = timeline.newest(room_id) if target is None else timeline.around(room_id, *target)
    members, shell = panel(room_id), read_shell(request, room_id)
    seen = (view.face, view.as_of, view.read_seq, window, members, shell, thread)
    etag = unchanged.etag(request, *seen, *_reader(request))
    response = unchanged.not_modified(request, etag)
    if response is None:
        lines = timeline.timeline(
            window,
            room_url=view.face.url,
            reader_id=reader(request).pk,
            moderates=view.moderates,
            read_seq=view.read_seq,
            zone=timezone.get_current_timezone(),
        )
        context = {
            "room": view,
            "timeline": lines,
            "lines_here": markup.LINES_HERE,
            "focus": window.target if thread is None else None,
            "panel_members": members,
            "shown": None if thread is None else threads.shown(thread, view, reader(request).pk),
        }
        title, content = view.face.name, lines.markup
        response = show(request, "chat/room.html", context, title=title, room_id=room_id, shell=shell, lines=content)
        if etag is not None:
            response["ETag"] = etag
    response.set_cookie(LAST_ROOM_COOKIE, str(room_id), max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response


def show_thread(request: HttpRequest, view: RoomView, thread: Thread) -> HttpResponseBase:
    """The room with the thread beside it, at the message that began it; or the thread alone, for the script."""
    if request.headers.get(FRAGMENT_HEADER) != PANEL:
        return show_room(request, view, (thread.id, thread.root[stored.SEQ]), thread)
    shown = threads.shown(thread, view, reader(request).pk)
    context = {"room": view, "shown": shown, "format_bar": format_bar_state(request)}
    return render(request, "chat/_thread.html", context)


def _reader(request: HttpRequest) -> tuple[Any, ...]:
    """What the page shows of who reads it, and of their browser."""
    user = reader(request)
    rights = (user.is_superuser, user.is_staff, bool(user.time_zone))
    return person(user), *rights, is_fragment(request), theme(request), panel_state(request), format_bar_state(request)

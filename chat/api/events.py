"""Long poll: the events of a room over HTTP, for clients that no socket reaches. The same log, the same text."""

from dataclasses import dataclass
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import errors, query
from chat.api.authentication import identify
from chat.api.base import View, counted, keep_private
from chat.api.describing import describe, number
from chat.api.query import MAX_SEQ
from chat.api.waiting import until_moved
from chat.models import Membership, User
from chat.operations import checking, throttling
from chat.protocol.errors import Unavailable
from chat.protocol.events import Event
from chat.protocol.limits import POLL_SECONDS
from chat.protocol.scopes import Scope
from chat.streams import database, log, running

EVENTS_AT_ONCE: Final = 200


@dataclass(frozen=True)
class _Look:
    """What the log holds for somebody at one moment. `seq` is where to go on from."""

    user_id: int
    texts: list[str]
    seq: int
    reset: bool

    def answer(self) -> HttpResponse:
        """The events as they are stored: none is encoded again."""
        reset = "true" if self.reset else "false"
        text = f'{{"events":[{",".join(self.texts)}],"seq":{self.seq},"reset":{reset}}}'
        return HttpResponse(text, content_type="application/json")


class EventPage(msgspec.Struct, frozen=True):
    """`seq` is where to go on from. `reset`: what lies after `after` cannot be served, reload the room."""

    events: list[Event]
    seq: int
    reset: bool


class Events(View):
    """For the document: `events` serves them without a thread."""

    @describe(
        "poll_events",
        gives=EventPage,
        query=(
            number(
                "after", "Events whose number is greater; without it the answer tells where the room is.", 0, MAX_SEQ
            ),
            number("wait", f"Seconds to wait for something to come; {POLL_SECONDS} at most.", 0, 3600),
        ),
    )
    def get(self, request: Request, room_id: int) -> Response:
        """Long poll: answers at once when there is something after `after`, else when something comes."""
        raise NotImplementedError


@csrf_exempt
async def events(request: HttpRequest, room_id: int) -> HttpResponseBase:
    """`?after=seq&wait=seconds` → `{"events": […], "seq": number to go on from, "reset": bool}`.

    Answers at once when there is something after `after`, else when something comes, at the latest after `wait`.
    Without `after` it tells where the room is. `reset`: what lies after `after` cannot be served, reload the room.
    """
    try:
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(str(request.method))
        return keep_private(await _answer(request, room_id))
    except Exception as error:
        answer = errors.handle(error)
        if answer is None:
            raise
        if answer.status_code == 405:
            answer["Allow"] = "GET, HEAD"
        return keep_private(answer)


async def _answer(request: HttpRequest, room_id: int) -> HttpResponse:
    after = query.integer(request.GET, "after", least=0, most=MAX_SEQ)
    wait = query.integer(request.GET, "wait", least=0, most=3600)
    if running.draining():
        raise Unavailable("the server is going away", retry_after=1)
    look = await database.read(_first_look, request, room_id, after)
    seconds = min(POLL_SECONDS if wait is None else wait, POLL_SECONDS)
    if after is None or look.texts or look.reset or not seconds:
        return look.answer()
    await until_moved(await running.hub(), room_id, look.user_id, after, seconds)
    # They may have been put out meanwhile, or signed out.
    return (await database.read(_look, request, room_id, after)).answer()


def _first_look(request: HttpRequest, room_id: int, after: int | None) -> _Look:
    look = _look(request, room_id, after)
    throttling.PER_USER.count(look.user_id)
    return look


def _look(request: HttpRequest, room_id: int, after: int | None) -> _Look:
    """For a reader thread.

    Raises:
        AuthenticationFailed, NotAuthenticated: whoever asks is nobody, or no longer.
        NotFound: they may not know of the room.
        Forbidden: they may, but are not in it.
    """
    user = _person(request)
    found = Membership.objects.live().filter(room=room_id, user=user).select_related("room__stream").first()
    if found is None:
        found = checking.membership_of(user, checking.room_of(user, room_id))
    stream = found.room.stream
    if after is None:
        return _Look(user.pk, [], stream.head, reset=False)
    if not stream.pruned <= after <= stream.head:
        return _Look(user.pk, [], stream.head, reset=True)
    rows = log.events_after(room_id, after, None, EVENTS_AT_ONCE)
    if (rows[0][0] if rows else stream.head + 1) != after + 1:
        return _Look(user.pk, [], stream.head, reset=True)  # pruned between the two queries
    return _Look(user.pk, [row[2] for row in rows], rows[-1][0] if rows else after, reset=False)


def _person(request: HttpRequest) -> User:
    try:
        identity = identify(request)
        if identity is None:
            raise NotAuthenticated
    except (AuthenticationFailed, NotAuthenticated) as error:
        raise counted(request, error) from None
    identity.check(Scope.READ)
    return identity.user


events.cls, events.initkwargs = Events, {}  # type: ignore[attr-defined]

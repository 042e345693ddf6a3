"""What a message said before it was edited: a page, of which the script makes a dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from chat.models import Message, MessageRevision, Room, User
from chat.operations import revisions
from chat.web.lines import full_time
from chat.web.page import member_page, show
from chat.web.person import Person, person, reader
from chat.web.word_diff import Piece, word_diff

VERSIONS_MAX: Final = 50
"""That are shown; older ones only the API gives."""


@dataclass(frozen=True)
class Version:
    editor: Person
    at: str
    full_time: str
    pieces: list[Piece]


@member_page
def in_room(request: HttpRequest, slug: str, message_id: int) -> HttpResponseBase:
    message = revisions.message_with_history(reader(request), message_id)
    if message.room.slug != slug:
        raise Http404("there is no such message")
    return _show(request, message)


@member_page
def in_direct(request: HttpRequest, username: str, message_id: int) -> HttpResponseBase:
    message = revisions.message_with_history(reader(request), message_id)
    peer = User.objects.named(username).first()
    if peer is None or message.room.direct_key != Room.direct_key_of(reader(request).pk, peer.pk):
        raise Http404("there is no such message")
    return _show(request, message)


def _show(request: HttpRequest, message: Message) -> HttpResponseBase:
    rows = MessageRevision.objects.filter(message=message).select_related("editor").order_by("-pk")
    found = [*rows[: VERSIONS_MAX + 1]]
    context = {
        "versions": _versions(found)[:VERSIONS_MAX],
        "has_more": len(found) > VERSIONS_MAX,
        "back": request.path.removesuffix("history/"),
    }
    return show(request, "pages/history.html", context, title="Edit history", room_id=message.room_id)


def _versions(newest_first: Sequence[MessageRevision]) -> list[Version]:
    """Each with what it changed; the oldest as it was."""
    changes = [word_diff(older.body, newer.body) for newer, older in pairwise(newest_first)]
    changes += [[Piece("same", row.body)] for row in newest_first[-1:]]
    return [
        Version(person(row.editor), row.at.isoformat(), full_time(timezone.localtime(row.at)), pieces)
        for row, pieces in zip(newest_first, changes, strict=True)
    ]

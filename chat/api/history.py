"""A page of a room's messages, with the number of the room's stream in the same snapshot."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from chat.api import query, reading
from chat.models import User
from chat.models.history import Thread
from chat.models.prepared import Row
from chat.operations import checking
from chat.protocol.errors import BadRequest
from chat.protocol.values import parse_id
from chat.streams.snapshot import snapshot

PAGE = 50
MAX_PAGE = 200


class HistoryPage(msgspec.Struct, frozen=True):
    """`results` are `MessageData`, oldest first; the events after `as_of` carry it on."""

    results: list[msgspec.Raw]
    as_of: int
    has_before: bool
    has_after: bool


@dataclass(frozen=True)
class Place:
    """Where in the history: at its end, or beside the number `seq`."""

    side: str = "end"
    seq: int = 0
    limit: int = PAGE
    thread: Thread = None

    @staticmethod
    def of(parameters: Any) -> "Place":
        """From `before`, `after` or `around`, of which one may be given, `limit` and `thread`. Raises BadRequest."""
        thread = _thread(parameters.get("thread"))
        limit = query.integer(parameters, "limit", least=1, most=MAX_PAGE) or PAGE
        given = {
            side: seq
            for side in ("before", "after", "around")
            if (seq := query.integer(parameters, side, least=0, most=query.MAX_SEQ)) is not None
        }
        if len(given) > 1:
            raise BadRequest("give one of before, after, around", field=list(given)[1])
        for side, seq in given.items():
            return Place(side, seq, limit, thread)
        return Place(limit=limit, thread=thread)


def _thread(text: str | None) -> Thread:
    if text is None:
        return None
    if text == "none":
        return "none"
    found = parse_id(text)
    if found is None:
        raise BadRequest("thread is the id of a message, or none", field="thread")
    return found


def history(user: User, room_id: int, place: Place) -> HistoryPage:
    """A page of the room's messages, deleted ones as empty rows. Three queries, four in the midst of the history.

    Raises:
        NotFound: `user` may not know of the room.
        Forbidden: they may, but are not in it.
    """
    with snapshot():
        as_of = _head(user, room_id)
        rows, has_before, has_after = _page(room_id, place)
        return HistoryPage(reading.messages(room_id, rows), as_of, has_before, has_after)


def _head(user: User, room_id: int) -> int:
    for (head,) in reading.heads(room=room_id, user=user.pk):
        return int(head)
    return checking.membership_of(user, checking.room_of(user, room_id)).room.stream.head


def _page(room_id: int, place: Place) -> tuple[list[Row], bool, bool]:
    """The messages, and whether there are more before and after them. One more than shown tells of the next page."""
    seq, limit = place.seq, place.limit
    before, after = partial(reading.before, thread=place.thread), partial(reading.after, thread=place.thread)
    match place.side:
        case "before":
            found = before(room_id, seq, limit + 1)
            return found[-limit:], len(found) > limit, bool(after(room_id, seq - 1, 1))
        case "after":
            found = after(room_id, seq, limit + 1)
            return found[:limit], bool(before(room_id, seq + 1, 1)), len(found) > limit
        case "around":
            half = limit // 2
            older = before(room_id, seq, half + 1)
            newer = after(room_id, seq - 1, limit - half + 1)
            page = older[len(older) - min(half, len(older)) :] + newer[: limit - half]
            return page, len(older) > half, len(newer) > limit - half
        case _:
            found = before(room_id, query.MAX_SEQ + 1, limit + 1)
            return found[-limit:], len(found) > limit, False

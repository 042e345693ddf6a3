"""A page of a room's messages, with the number of the room's stream in the same snapshot."""

from dataclasses import dataclass
from typing import Any

import msgspec

from chat.api import query
from chat.models import Membership, Message, User
from chat.models.messages import MessageQuerySet
from chat.operations import checking
from chat.operations.wire import messages_data
from chat.protocol.errors import BadRequest
from chat.protocol.events import MessageData
from chat.streams.snapshot import snapshot

PAGE = 50
MAX_PAGE = 200


class HistoryPage(msgspec.Struct, frozen=True):
    """`results` is oldest first; the events after `as_of` carry it on."""

    results: list[MessageData]
    as_of: int
    has_before: bool
    has_after: bool


@dataclass(frozen=True)
class Place:
    """Where in the history: at its end, or beside the number `seq`."""

    side: str = "end"
    seq: int = 0
    limit: int = PAGE

    @staticmethod
    def of(parameters: Any) -> "Place":
        """From `before`, `after` or `around`, of which one may be given, and `limit`. Raises BadRequest."""
        limit = query.integer(parameters, "limit", least=1, most=MAX_PAGE) or PAGE
        given = {
            side: seq
            for side in ("before", "after", "around")
            if (seq := query.integer(parameters, side, least=0, most=query.MAX_SEQ)) is not None
        }
        if len(given) > 1:
            raise BadRequest("give one of before, after, around", field=list(given)[1])
        for side, seq in given.items():
            return Place(side, seq, limit)
        return Place(limit=limit)


def history(user: User, room_id: int, place: Place) -> HistoryPage:
    """A page of the room's messages, deleted ones as empty rows.

    Raises:
        NotFound: `user` may not know of the room.
        Forbidden: they may, but are not in it.
    """
    with snapshot():
        found = Membership.objects.live().filter(room=room_id, user=user).select_related("room__stream").first()
        if found is None:
            found = checking.membership_of(user, checking.room_of(user, room_id))
        messages, has_before, has_after = _page(Message.objects.in_room(found.room), place)
        return HistoryPage(
            results=messages_data(messages),
            as_of=found.room.stream.head,
            has_before=has_before,
            has_after=has_after,
        )


def _page(all_messages: MessageQuerySet, place: Place) -> tuple[list[Message], bool, bool]:
    """The messages, and whether there are more before and after them. One more than shown tells of the next page."""
    messages, seq, limit = all_messages.select_related("sender"), place.seq, place.limit
    match place.side:
        case "before":
            found = messages.page_before(seq, limit + 1)
            return found[-limit:], len(found) > limit, all_messages.after(seq - 1).exists()
        case "after":
            found = messages.page_after(seq, limit + 1)
            return found[:limit], all_messages.before(seq + 1).exists(), len(found) > limit
        case "around":
            half = limit // 2
            before = messages.page_before(seq, half + 1)
            after = messages.page_after(seq - 1, limit - half + 1)
            page = before[len(before) - min(half, len(before)) :] + after[: limit - half]
            return page, len(before) > half, len(after) > limit - half
        case _:
            found = messages.newest(limit + 1)
            return found[-limit:], len(found) > limit, False

"""Messages as they are stored, with what their lines show of other rows: who said them, and what they answer."""

from collections.abc import Callable
from functools import cache
from typing import Final

from chat.models import Message
from chat.models.messages import MessageQuerySet
from chat.models.prepared import Prepared, Row

_BEYOND: Final = 2**63 - 1
"""A number that no event reaches."""
_COLUMNS: Final = (
    "pk",
    "seq",
    "client_id",
    "html",
    "created_at",
    "edited_at",
    "deleted_at",
    "sender",
    "sender__username",
    "sender__name",
    "sender__hue",
    "sender__is_bot",
    "reply_to",
    "reply_to__html",
    "reply_to__deleted_at",
    "reply_to__sender__username",
    "reply_to__sender__name",
)
HTML: Final = _COLUMNS.index("html")
QUOTED_HTML: Final = _COLUMNS.index("reply_to__html")


def newest(room_id: int, limit: int) -> list[Row]:
    """The last `limit` messages of a room, oldest first."""
    return before(room_id, _BEYOND, limit)


def before(room_id: int, seq: int, limit: int) -> list[Row]:
    """The last `limit` before number `seq`, oldest first."""
    return _reading(MessageQuerySet.before, limit)(room=room_id, seq=seq)[::-1]


def after(room_id: int, seq: int, limit: int) -> list[Row]:
    """The first `limit` after number `seq`, oldest first."""
    return _reading(MessageQuerySet.after, limit)(room=room_id, seq=seq)


@cache
def _reading(beside: Callable[[MessageQuerySet, int], MessageQuerySet], limit: int) -> Prepared:
    return Prepared(
        lambda room, seq: beside(Message.objects.filter(room=room), seq).values_list(*_COLUMNS)[:limit],
        room=int,
        seq=int,
    )


def converted(row: Row) -> Row:
    """One of these rows as Django gives it: the time as a time, whatever the database."""
    return _reading(MessageQuerySet.before, 1).converted([row])[0]

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
    "thread",
    "reactions",
    "thread_replies",
    "attachments",
    "reply_to",
    "reply_to__html",
    "reply_to__deleted_at",
    "reply_to__sender__username",
    "reply_to__sender__name",
)
SEQ: Final = _COLUMNS.index("seq")
HTML: Final = _COLUMNS.index("html")
QUOTED_HTML: Final = _COLUMNS.index("reply_to__html")


Beside = Callable[[MessageQuerySet, int], MessageQuerySet]


def newest(room_id: int, limit: int, thread: int | None = None) -> list[Row]:
    """The last `limit` messages of a room, or of a thread in it, oldest first."""
    return before(room_id, _BEYOND, limit, thread)


def before(room_id: int, seq: int, limit: int, thread: int | None = None) -> list[Row]:
    """The last `limit` before number `seq`, oldest first."""
    return _beside(MessageQuerySet.before, room_id, seq, limit, thread)[::-1]


def after(room_id: int, seq: int, limit: int, thread: int | None = None) -> list[Row]:
    """The first `limit` after number `seq`, oldest first."""
    return _beside(MessageQuerySet.after, room_id, seq, limit, thread)


def one(message_id: int) -> Row | None:
    return next(iter(_one(pk=message_id)), None)


def _beside(beside: Beside, room_id: int, seq: int, limit: int, thread: int | None) -> list[Row]:
    if thread is None:
        return _reading(beside, limit)(room=room_id, seq=seq)
    return _reading_thread(beside, limit)(root=thread, seq=seq)


@cache
def _reading(beside: Beside, limit: int) -> Prepared:
    return Prepared(
        lambda room, seq: beside(Message.objects.filter(room=room).in_timeline(), seq).values_list(*_COLUMNS)[:limit],
        room=int,
        seq=int,
    )


@cache
def _reading_thread(beside: Beside, limit: int) -> Prepared:
    return Prepared(
        lambda root, seq: beside(Message.objects.in_thread(root), seq).values_list(*_COLUMNS)[:limit],
        root=int,
        seq=int,
    )


_one: Final = Prepared(lambda pk: Message.objects.filter(pk=pk).values_list(*_COLUMNS), pk=int)


def converted(row: Row) -> Row:
    """One of these rows as Django gives it: the time as a time, whatever the database."""
    return _reading(MessageQuerySet.before, 1).converted([row])[0]

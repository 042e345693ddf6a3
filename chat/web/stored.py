"""Messages as they are stored, with what their lines show of other rows: who said them, and what they answer."""

from typing import Final

from chat.models import Message
from chat.models.history import History, Thread
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
    "pinned",
    "previews",
    "reply_to",
    "reply_to__html",
    "reply_to__deleted_at",
    "reply_to__sender__username",
    "reply_to__sender__name",
)
SEQ: Final = _COLUMNS.index("seq")
HTML: Final = _COLUMNS.index("html")
QUOTED_HTML: Final = _COLUMNS.index("reply_to__html")


_history: Final = History(_COLUMNS)
before, after, converted = _history.before, _history.after, _history.converted


def newest(room_id: int, limit: int, thread: Thread) -> list[Row]:
    """The last `limit` messages, oldest first."""
    return before(room_id, _BEYOND, limit, thread)


def one(message_id: int) -> Row | None:
    return next(iter(_one(pk=message_id)), None)


_one: Final = Prepared(lambda pk: Message.objects.filter(pk=pk).values_list(*_COLUMNS), pk=int)

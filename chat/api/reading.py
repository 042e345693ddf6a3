"""Messages as a page of history reads them: rows of the database, and what they are on the wire.

Most have been told before, to somebody: their JSON is kept.
"""

import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from chat.models import Membership, Mention
from chat.models.history import History
from chat.models.prepared import Prepared, Row
from chat.operations.files.wire import attachments_data
from chat.operations.previews.wire import previews_data
from chat.operations.wire import pinned_data, reactions_data, replies_data
from chat.protocol.events import MessageData, UserData
from chat.protocol.values import format_time

KEPT_MESSAGES: Final = 4096
KEPT_CHARACTERS: Final = 4_000
"""Longer ones are few, and would fill the memory."""
_COLUMNS: Final = (
    "pk",
    "client_id",
    "seq",
    "body",
    "html",
    "reply_to",
    "created_at",
    "edited_at",
    "deleted_at",
    "sender",
    "sender__username",
    "sender__name",
    "sender__is_bot",
    "sender__hue",
    "thread",
    "reactions",
    "thread_replies",
    "attachments",
    "everybody",
    "pinned",
    "previews",
)
_HTML: Final = _COLUMNS.index("html")

heads: Final = Prepared(
    lambda room, user: Membership.objects.live().filter(room=room, user=user).values_list("room__stream__head"),
    room=int,
    user=int,
)
"""The head of a room's stream, for who is in it."""
# The ids of a room's messages rise with their numbers.
_mentions: Final = Prepared(
    lambda first, last: (
        Mention.objects.filter(message__gte=first, message__lte=last).order_by("pk").values_list("message", "user")
    ),
    first=int,
    last=int,
)


_history: Final = History(_COLUMNS)
before, after = _history.before, _history.after


def messages(room_id: int, rows: list[Row]) -> list[msgspec.Raw]:
    """What stands in the rows of `before` and `after`, with whom it names, each as the JSON of a `MessageData`."""
    if not rows:
        return []
    mentioned: dict[int, tuple[int, ...]] = {}
    for message, user in _mentions(first=rows[0][0], last=rows[-1][0]):
        mentioned[message] = (*mentioned.get(message, ()), user)
    return [_encoded(room_id, row, mentioned.get(row[0], ())) for row in rows]


def _encoded(room_id: int, row: Row, mentions: tuple[int, ...]) -> msgspec.Raw:
    encode = _encode if len(row[_HTML]) > KEPT_CHARACTERS else _kept
    return encode(room_id, row, mentions)


def _encode(room_id: int, row: Row, mentions: tuple[int, ...]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(_message(room_id, mentions, *_history.converted(row))))


# Found again by all that it tells, so that no change can be missed.
_kept = lru_cache(KEPT_MESSAGES)(_encode)


def _message(
    room_id: int,
    mentions: tuple[int, ...],
    pk: int,
    client_id: uuid.UUID,
    seq: int,
    body: str,
    html: str,
    reply_to: int | None,
    created_at: datetime,
    edited_at: datetime | None,
    deleted_at: datetime | None,
    sender: int,
    username: str,
    name: str,
    is_bot: bool,
    hue: int,
    thread: int | None,
    reactions: list[Any] | None,
    replies: dict[str, Any] | None,
    attachments: list[Any] | None,
    everybody: str | None,
    pinned: dict[str, Any] | None,
    previews: list[Any] | None,
) -> MessageData:
    return MessageData(
        id=str(pk),
        client_id=str(client_id),
        room=str(room_id),
        seq=seq,
        sender=UserData(id=str(sender), username=username, name=name or username, is_bot=is_bot, hue=hue),
        body=body,
        html=html,
        reply_to=None if reply_to is None else str(reply_to),
        mentions=[str(user) for user in mentions],
        everybody=everybody,
        pinned=pinned_data(pinned),
        attachments=attachments_data(attachments),
        created_at=format_time(created_at),
        edited_at=None if edited_at is None else format_time(edited_at),
        deleted_at=None if deleted_at is None else format_time(deleted_at),
        thread=None if thread is None else str(thread),
        reactions=reactions_data(reactions),
        replies=replies_data(replies),
        previews=previews_data(previews),
    )

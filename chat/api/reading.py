"""Messages as a page of history reads them: rows of the database, and what they are on the wire."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Final

from chat.models import Membership, Mention, Message
from chat.models.messages import MessageQuerySet
from chat.models.prepared import Prepared, Row
from chat.protocol.events import MessageData, UserData
from chat.protocol.values import format_time

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
)

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


@cache
def _reading(beside: Callable[[MessageQuerySet, int], MessageQuerySet], limit: int) -> Prepared:
    """`limit` messages of a room before or after a number. There are a few hundred limits at most."""
    return Prepared(
        lambda room, seq: beside(Message.objects.filter(room=room), seq).values_list(*_COLUMNS)[:limit],
        room=int,
        seq=int,
    )


def before(room_id: int, seq: int, limit: int) -> list[Row]:
    """The last `limit` before number `seq`, oldest first."""
    read = _reading(MessageQuerySet.before, limit)
    return read.converted(read(room=room_id, seq=seq))[::-1]


def after(room_id: int, seq: int, limit: int) -> list[Row]:
    """The first `limit` after number `seq`, oldest first."""
    read = _reading(MessageQuerySet.after, limit)
    return read.converted(read(room=room_id, seq=seq))


def messages(room_id: int, rows: list[Row]) -> list[MessageData]:
    """What stands in the rows of `before` and `after`, with whom it names."""
    if not rows:
        return []
    mentioned: dict[int, list[str]] = {}
    for message, user in _mentions(first=rows[0][0], last=rows[-1][0]):
        mentioned.setdefault(message, []).append(str(user))
    room = str(room_id)
    return [_message(room, mentioned.get(row[0], []), *row) for row in rows]


def _message(
    room: str,
    mentions: list[str],
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
) -> MessageData:
    return MessageData(
        id=str(pk),
        client_id=str(client_id),
        room=room,
        seq=seq,
        sender=UserData(id=str(sender), username=username, name=name or username, is_bot=is_bot, hue=hue),
        body=body,
        html=html,
        reply_to=None if reply_to is None else str(reply_to),
        mentions=mentions,
        attachments=[],
        created_at=format_time(created_at),
        edited_at=None if edited_at is None else format_time(edited_at),
        deleted_at=None if deleted_at is None else format_time(deleted_at),
    )

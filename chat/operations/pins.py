"""Messages that a room keeps at hand, and those that somebody keeps for themselves."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from chat.models import Bookmark, Message, User
from chat.operations import checking
from chat.operations.restraints import problem
from chat.operations.wire import pinned_data
from chat.protocol.errors import BadRequest
from chat.protocol.values import format_time
from chat.streams import log

PINS: Final = 100
"""Of one room."""


def pin_message(*, actor: User, message_id: int, on: bool) -> int:
    """Pins a message for all in its room, or no more; returns the number of the event, or the head if nothing changed.

    Raises:
        BadRequest: the room has as many as it may.
        NotFound: there is no such message, or `actor` may not see it.
        Forbidden: the room is archived, or `actor` may not write there now.
    """
    room_id = checking.message_of(actor, message_id).room_id
    with transaction.atomic(), log.adding([room_id]) as additions:
        message = checking.message_of(actor, message_id)
        checking.open_for_writing(message.room)
        now = timezone.now()
        if (refusal := problem(checking.membership_of(actor, message.room), now)) is not None:
            raise refusal
        if (message.pinned is not None) == on:
            return additions.head(room_id)
        if on and Message.objects.pinned_in(room_id).count() >= PINS:
            raise BadRequest(f"a room has at most {PINS} pinned messages", field="message")
        return tell_pinned(message, actor.pk, now, additions, on=on)


def tell_pinned(message: Message, user_id: int, at: datetime, additions: log.Additions, *, on: bool) -> int:
    """Pins it, or takes it off, and tells; returns the number of the event."""
    message.pinned = {"by": user_id, "at": format_time(at)} if on else None
    message.save(update_fields=["pinned"])
    data = {
        "message": str(message.pk),
        "room": str(message.room_id),
        "seq": message.seq,
        "user": str(user_id),
        "pinned": pinned_data(message.pinned),
    }
    type_ = "message.pinned" if on else "message.unpinned"
    return additions.add(message.room_id, type_, at, data, subject=message.pk)


def bookmark_message(*, actor: User, message_id: int, on: bool) -> int:
    """Keeps a message at hand for oneself, or no more; returns the number of the event in one's own stream or its head.

    Raises NotFound: there is no such message, or `actor` may not see it.
    """
    message = checking.message_of(actor, message_id)
    with transaction.atomic(), log.adding([actor.pk]) as additions:
        rows = Bookmark.objects.filter(user=actor, message=message)
        if rows.exists() == on:
            return additions.head(actor.pk)
        if on:
            Bookmark.objects.create(user=actor, message=message)
        else:
            rows.delete()
        data = {"message": str(message.pk), "room": str(message.room_id), "on": on}
        return additions.add(actor.pk, "bookmark.changed", timezone.now(), data)

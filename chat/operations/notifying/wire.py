"""Notifications as the structs that go on the wire."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import OuterRef

from chat.models import Notification, Stream
from chat.models.counting import counted
from chat.models.prepared import Prepared
from chat.operations.notifying.text import shortened, wire_id
from chat.operations.rendering.words import words
from chat.operations.search.indexing import names_of
from chat.operations.wire import user_data
from chat.protocol.events import NotificationData, UnreadData
from chat.protocol.values import format_time


def notification_data(row: Notification) -> NotificationData:
    """`row` comes with its `actor` and `message`."""
    return NotificationData(
        id=str(row.pk),
        kind=row.kind,
        actor=user_data(row.actor),
        room=wire_id(row.room_id),
        message=wire_id(row.message_id),
        thread=wire_id(row.thread_id),
        text=row.note if row.message is None else shortened(words(row.message.html), names_of(row.message.attachments)),
        created_at=format_time(row.created_at),
        read_at=None if row.read_at is None else format_time(row.read_at),
        quiet=row.quiet,
    )


def _heads(people: Any) -> Any:
    unread = counted(Notification.objects.unread().filter(user=OuterRef("pk")), "user")
    return Stream.objects.filter(pk__in=people).annotate(unread=unread).values_list("pk", "head", "unread")


_counted: Final = Prepared(_heads, people=list[int])


def unread_of(people: Collection[int]) -> dict[int, UnreadData]:
    """How many notifications of each are unread, and up to which event of their stream that is counted."""
    return {user: UnreadData(seq=head, unread=unread) for user, head, unread in _counted(people=list(people))}

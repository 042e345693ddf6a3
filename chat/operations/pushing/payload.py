"""What a device is told: a few words, and where a click leads."""

from typing import Any, Final

import msgspec

from chat.models import Notification, PushDevice, User, Workspace
from chat.operations.notifying.mailing import where
from chat.operations.notifying.wire import notification_data
from chat.operations.wire import peers_of

DAY_SECONDS: Final = 86_400
HIDDEN: Final = "Something new for you"
_URGENT: Final = (
    Notification.Kind.MENTION,
    Notification.Kind.DIRECT,
    Notification.Kind.KEYWORD,
    Notification.Kind.REPORT,
)


class Push(msgspec.Struct, frozen=True):
    """`tag` is the notification's id: the same one twice is shown once. `url` is below the site's."""

    title: str
    text: str
    url: str
    tag: str


def push_of(row: Notification, device: PushDevice) -> Push:
    """`row` comes with its actor, room and message."""
    peer: User | None = peers_of([row.room], row.user_id).get(row.room_id or 0) if row.room is not None else None
    url = where(row, peer)
    if device.hides_words:
        return Push(Workspace.current().name, HIDDEN, url, str(row.pk))
    place = f" in {row.room.name}" if row.room is not None and peer is None else ""
    title = f"{row.actor.display_name} {row.get_kind_display()}{place}"
    return Push(title, notification_data(row).text, url, str(row.pk))


def test_push(device: PushDevice) -> Push:
    return Push(
        Workspace.current().name, "This is how notifications look here.", "/profile/notifications/", f"test-{device.pk}"
    )


def urgency_of(row: Notification) -> str:
    """As RFC 8030, section 5.3, has it: `high` may wake a sleeping phone."""
    return "high" if row.kind in _URGENT else "normal"


def encoded(push: Push) -> bytes:
    data: Any = msgspec.json.encode(push)
    return bytes(data)

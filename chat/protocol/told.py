"""The `data` of each type of event, for documents and for clients in Python; a test holds what is stored against it."""

from collections.abc import Mapping
from typing import Final

import msgspec

from chat.protocol.events import (
    AttachmentData,
    NotificationData,
    PinnedData,
    PlaceData,
    PostedData,
    PreviewData,
    RoomData,
    UserData,
)


class MessageEdited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seq` is the message's own number. Once the message is deleted, its words are gone here, too."""

    id: str
    room: str
    seq: int
    body: str
    html: str
    mentions: list[str]
    everybody: str | None
    edited_at: str
    deleted_at: str | msgspec.UnsetType = msgspec.UNSET


class MessageDeleted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seq` is the message's own number, `sender` an id, `thread` that of the message whose thread it was in."""

    id: str
    room: str
    seq: int
    sender: str
    deleted_at: str
    thread: str | None


class ReactionChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody reacts to a message, or no more. `seq` is the message's own number."""

    message: str
    room: str
    seq: int
    emoji: str
    user: UserData


class AttachmentReady(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An image of a message can be seen now. `seq` is the message's own number. Null once the message is deleted."""

    message: str
    room: str
    seq: int
    attachment: AttachmentData | None


class MessagePinned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`user`, an id, has pinned a message, or taken it off. `seq` is the message's own number."""

    message: str
    room: str
    seq: int
    user: str
    pinned: PinnedData | None


class MessagePreviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cards under a message are these now. `seq` is the message's own number. None once the message is deleted."""

    message: str
    room: str
    seq: int
    previews: list[PreviewData]


class MemberChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody is in the room, with this role, and until then may not write."""

    room: str
    user: UserData
    role: str
    muted_until: str | None


class MemberLeft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    room: str
    user: UserData


class RoomChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    room: RoomData


class RoomAdded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `ready` lists for a room; its stream is live from `room.seq`."""

    room: PlaceData


class RoomRemoved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`room` is an id. Nothing of its stream comes any more."""

    room: str


class ReadMoved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`unread` and `mentions` are counted at `seq` of the room's stream."""

    room: str
    seq: int
    read_seq: int
    unread: int
    mentions: int


class ThreadUpdated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one is in a thread. `unread` and `mentions` are counted at `seq` of the room's stream."""

    thread: str
    room: str
    following: bool
    seq: int
    read_seq: int
    unread: int
    mentions: int


class BookmarkChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One keeps a message at hand for oneself, or no more."""

    message: str
    room: str
    on: bool


class NotificationRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """These ids have been read, here or elsewhere; null: all that came before."""

    notifications: list[str] | None


class LevelChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what one is notified in a room: `all`, `mentions`, `nothing`; null: as chosen for all rooms."""

    room: str
    level: str | None


class AccessRevoked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`logins` have ended, null for all: sockets that stand on one close with 4403."""

    logins: list[str] | None


ROOM_EVENTS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "message.posted": PostedData,
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
    "message.pinned": MessagePinned,
    "message.unpinned": MessagePinned,
    "reaction.added": ReactionChanged,
    "reaction.removed": ReactionChanged,
    "attachment.ready": AttachmentReady,
    "message.previewed": MessagePreviewed,
    "member.joined": MemberChanged,
    "member.updated": MemberChanged,
    "member.left": MemberLeft,
    "room.updated": RoomChanged,
    "room.archived": RoomChanged,
}
USER_EVENTS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "bookmark.changed": BookmarkChanged,
    "room.added": RoomAdded,
    "room.removed": RoomRemoved,
    "read.moved": ReadMoved,
    "thread.updated": ThreadUpdated,
    "notification.created": NotificationData,
    "notification.read": NotificationRead,
    "level.changed": LevelChanged,
    "access.revoked": AccessRevoked,
}

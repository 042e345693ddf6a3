"""What the server tells: answers, events, signals, and the data inside them."""

from datetime import datetime
from typing import Any, Final

import msgspec

from chat.protocol.closing import CloseCode
from chat.protocol.errors import Refused
from chat.protocol.limits import PROTOCOL
from chat.protocol.values import format_time

_encoder: Final = msgspec.json.Encoder()


def encode(frame: Any) -> str:
    """A frame as the JSON text that goes on the wire."""
    return _encoder.encode(frame).decode()


class UserData(msgspec.Struct, frozen=True):
    id: str
    username: str
    name: str
    is_bot: bool
    hue: int


class RoomData(msgspec.Struct, frozen=True):
    """`posting`: who may write, `everyone` or `moderators`. Members wait `slow_seconds` between their messages."""

    id: str
    slug: str | None
    name: str
    kind: str
    topic: str
    archived: bool
    posting: str
    slow_seconds: int
    previews: bool


class PlaceData(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room as one of its members sees it: position, what is unread, and in a direct room the other person.

    Until `muted_until` they write nothing. `level`: of what they are notified there, if it is not as everywhere.
    """

    id: str
    slug: str | None
    name: str
    kind: str
    topic: str
    archived: bool
    previews: bool
    role: str
    seq: int
    read_seq: int
    unread: int
    mentions: int
    posting: str
    slow_seconds: int
    peer: UserData | None = None
    muted_until: str | None = None
    level: str | None = None


class NotificationData(msgspec.Struct, frozen=True):
    """Something concerns one person: `kind` says what, `actor` has caused it. `text` is what was said, in one line.

    Without `message` it is about a room; `thread` is the message whose thread it is in. Once the message is deleted,
    `text` is gone. `quiet`: it came in a pause or quiet hours of theirs.
    """

    id: str
    kind: str
    actor: UserData
    room: str | None
    message: str | None
    thread: str | None
    text: str
    created_at: str
    read_at: str | None
    quiet: bool


class ReactionData(msgspec.Struct, frozen=True):
    """An emoji and the ids of who reacted with it, the first one first."""

    emoji: str
    users: list[str]


class RepliesData(msgspec.Struct, frozen=True):
    """What the thread of a message holds: how many replies there are, when the last came, who were first to reply."""

    count: int
    last_at: str
    users: list[str]


class PinnedData(msgspec.Struct, frozen=True):
    """The room keeps a message at hand: the id of who pinned it, and when."""

    by: str
    at: str


class AttachmentData(msgspec.Struct, frozen=True):
    """A file of a message. `width` and `height` are those of an image; `thumbnail` is the address of a smaller one, or
    of the first of a PDF's `pages`.

    An image that is not `ready` cannot be had yet, a PDF has no thumbnail yet: `attachment.ready` tells when.
    """

    id: str
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    url: str
    thumbnail: str | None
    ready: bool
    pages: int | None = None


class PreviewImage(msgspec.Struct, frozen=True):
    url: str
    width: int
    height: int


class PreviewData(msgspec.Struct, frozen=True):
    """What stands behind a link of a message, in plain text: `title`, `description` and `site` may be empty."""

    url: str
    title: str
    description: str
    site: str
    image: PreviewImage | None


class MessageData(msgspec.Struct, frozen=True):
    """One message, alike in events, history and REST.

    `mentions` are ids of people; `everybody` is `room` or `here` when all who are in the room are mentioned.
    `thread` is the message whose thread this one is in, `replies` what stands in the thread that this one began.
    """

    id: str
    client_id: str
    room: str
    seq: int
    sender: UserData
    body: str
    html: str
    reply_to: str | None
    mentions: list[str]
    attachments: list[AttachmentData]
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    thread: str | None = None
    reactions: list[ReactionData] = []
    replies: RepliesData | None = None
    everybody: str | None = None
    pinned: PinnedData | None = None
    previews: list[PreviewData] = []


class PostedData(MessageData, frozen=True, omit_defaults=False, kw_only=True):
    """A message as its event tells it; `followers` of its thread have it unread there."""

    followers: list[str] | msgspec.UnsetType = msgspec.UNSET


class Event(msgspec.Struct, frozen=True, tag_field="op", tag="event"):
    stream: str
    seq: int
    type: str
    at: str
    data: Any


class Signal(msgspec.Struct, frozen=True, tag_field="op", tag="signal", omit_defaults=True):
    """Typing and presence: no number, no log, may be lost. `ttl` in seconds."""

    type: str
    data: dict[str, str]
    stream: str | None = None
    ttl: int | None = None


class Hello(msgspec.Struct, frozen=True, tag_field="op", tag="hello"):
    session: str
    epoch: str
    user: UserData
    heartbeat: int
    limits: dict[str, int]
    protocol: str = PROTOCOL


class UnreadData(msgspec.Struct, frozen=True):
    """How many notifications are unread, counted at `seq` of one's own stream."""

    seq: int
    unread: int


class Ready(msgspec.Struct, frozen=True, tag_field="op", tag="ready"):
    ref: str | None
    epoch: str
    streams: dict[str, int]
    rooms: list[PlaceData]
    online: list[str]
    notifications: UnreadData


class Reset(msgspec.Struct, frozen=True, tag_field="op", tag="reset"):
    stream: str
    seq: int


class Ok(msgspec.Struct, frozen=True, tag_field="op", tag="ok", omit_defaults=True):
    ref: str | None = msgspec.field(default_factory=lambda: None)
    message: str | None = None
    seq: int | None = None
    expires_at: str | None = None


class Error(msgspec.Struct, frozen=True, tag_field="op", tag="error"):
    ref: str | None
    code: str
    detail: str
    field: str | msgspec.UnsetType = msgspec.UNSET
    retry_after: float | msgspec.UnsetType = msgspec.UNSET


class Pong(msgspec.Struct, frozen=True, tag_field="op", tag="pong"):
    ref: str | None


class Bye(msgspec.Struct, frozen=True, tag_field="op", tag="bye"):
    """The server is about to close on purpose; reconnect within `retry_ms`, if at all."""

    code: str
    retry_ms: tuple[int, int]


class Close(msgspec.Struct, frozen=True, tag_field="op", tag="close"):
    """The last frame where no socket can say it: a close code."""

    code: int
    reason: str


def event(stream: str, seq: int, type: str, at: datetime, data: Any) -> str:
    """The text of an event, as it is stored and sent."""
    return encode(Event(stream=stream, seq=seq, type=type, at=format_time(at), data=data))


def refusal(error: Refused, ref: str | None) -> str:
    """The text of the `error` frame that answers `ref`."""
    retry_after = msgspec.UNSET if error.retry_after is None else round(error.retry_after, 1)
    field = msgspec.UNSET if error.field is None else error.field
    return encode(Error(ref=ref, code=error.code, detail=error.detail, field=field, retry_after=retry_after))


BYE_CODES: Final = {
    CloseCode.GOING_AWAY: "going_away",
    CloseCode.TOO_BIG: "too_big",
    CloseCode.INTERNAL: "internal",
    CloseCode.RESTART: "restart",
    CloseCode.BAD_FRAME: "bad_frame",
    CloseCode.CREDENTIALS_EXPIRED: "expired",
    CloseCode.ACCESS_REVOKED: "revoked",
    CloseCode.NO_RESUME: "no_resume",
    CloseCode.TOO_SLOW: "too_slow",
    CloseCode.FLOODING: "flooding",
}

"""Messages on their way to the log, and the rows and the event that they become."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NotRequired, TypedDict, Unpack

import msgspec

from chat.models import message_id
from chat.operations import checking
from chat.operations.rendering import Everybody, Rendered, plain, render_here
from chat.protocol.events import AttachmentData, PostedData, UserData
from chat.protocol.values import format_time

QUICK_CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way to the log: checked, rendered, not yet stored. `mentioned` are user ids.

    `digest` tells a repeat of this post from another under the same id, also after the words are edited or dropped.
    """

    sender_id: int
    room_id: int
    client_id: uuid.UUID
    body: str
    html: str
    mentioned: tuple[int, ...] = ()
    everybody: Everybody | None = None
    reply_to: int | None = None
    thread: int | None = None
    attachments: tuple[uuid.UUID, ...] = ()
    digest: bytes = field(init=False)

    @property
    def stream_id(self) -> int:
        return self.room_id

    def __post_init__(self) -> None:
        # No body holds a NUL, so that what stands before the files cannot be taken for one of them.
        said = "\x00".join([self.body, *map(str, self.attachments)])
        digest = hashlib.blake2b(said.encode(), digest_size=16, key=self.client_id.bytes).digest()
        object.__setattr__(self, "digest", digest)


class Said(TypedDict):
    """What somebody asks to be posted, as the parameters of what makes a draft of it."""

    sender_id: int
    room_id: int
    client_id: uuid.UUID
    body: str
    reply_to: NotRequired[int | None]
    thread: NotRequired[int | None]
    attachments: NotRequired[tuple[uuid.UUID, ...]]


def quick_draft(**said: Unpack[Said]) -> Draft | None:
    """The draft of a short body without Markdown and mentions: microseconds, no query. None for any other."""
    body = _checked(said)
    rendered = None if len(body) > QUICK_CHARACTERS or "@" in body or "#" in body else plain(body)
    return rendered and Draft(html=rendered.html, mentioned=tuple(rendered.mentioned), **said)


def draft(**said: Unpack[Said]) -> Draft:
    """Checks and renders. May query, and takes milliseconds for a long body: not for the event loop."""
    body = _checked(said)
    rendered = render_here(body) if body.strip() else Rendered("")
    return Draft(html=rendered.html, mentioned=rendered.mentioned, everybody=rendered.everybody, **said)


def _checked(said: Said) -> str:
    return checking.body(said["body"], may_be_empty=bool(said.get("attachments")))


MESSAGE_COLUMNS: Final = (
    "id",
    "room",
    "seq",
    "sender",
    "client_id",
    "digest",
    "body",
    "html",
    "reply_to",
    "thread",
    "attachments",
    "everybody",
    "created_at",
    "edited_at",
    "extra",
)
MENTION_COLUMNS: Final = ("message", "user", "room", "seq", "thread")


def posted_data(
    draft: Draft,
    seq: int,
    at: datetime,
    sender: UserData,
    mentioned: Iterable[int],
    edited_at: datetime | None = None,
    deleted_at: datetime | None = None,
    followers: Iterable[int] | None = None,
    attachments: Sequence[AttachmentData] = (),
) -> PostedData:
    """What the event of a post tells. `mentioned` are those of the draft who are in the room."""
    return PostedData(
        id=str(message_id(draft.room_id, seq)),
        client_id=str(draft.client_id),
        room=str(draft.room_id),
        seq=seq,
        sender=sender,
        body=draft.body,
        html=draft.html,
        reply_to=None if draft.reply_to is None else str(draft.reply_to),
        mentions=[str(user) for user in mentioned],
        everybody=draft.everybody,
        attachments=list(attachments),
        created_at=format_time(at),
        edited_at=None if edited_at is None else format_time(edited_at),
        deleted_at=None if deleted_at is None else format_time(deleted_at),
        thread=None if draft.thread is None else str(draft.thread),
        followers=msgspec.UNSET if followers is None else [str(user) for user in followers],
    )


def message_row(
    draft: Draft,
    seq: int,
    at: datetime,
    edited_at: datetime | None = None,
    extra: Any = None,
    attachments: Any = None,
) -> tuple[Any, ...]:
    """The values of MESSAGE_COLUMNS."""
    return (
        message_id(draft.room_id, seq),
        draft.room_id,
        seq,
        draft.sender_id,
        draft.client_id,
        draft.digest,
        draft.body,
        draft.html,
        draft.reply_to,
        draft.thread,
        attachments,
        draft.everybody,
        at,
        edited_at,
        extra,
    )

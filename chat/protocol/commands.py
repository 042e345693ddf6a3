"""What a client may send over the socket, and how a frame becomes one of these."""

from typing import Final, NoReturn

import msgspec

from chat.protocol import faults
from chat.protocol.errors import BadRequest, UnknownOp
from chat.protocol.faults import NotAnObject


class Command(msgspec.Struct, tag_field="op", forbid_unknown_fields=True, kw_only=True):
    """Base of all commands. `ref` is the client's own and comes back in exactly one answer."""

    ref: str | None = None


class Resume(Command, tag="resume"):
    """`cursors`: stream name → number of the last event that the client has."""

    epoch: str | None = None
    cursors: dict[str, int] = {}


class Post(Command, tag="post"):
    """`id` is the client's UUID: the same one is sent again until it is answered. `attachments` are uploads."""

    room: str
    id: str
    body: str
    reply_to: str | None = None
    thread: str | None = None
    attachments: list[str] = []


class Edit(Command, tag="edit"):
    message: str
    body: str


class Delete(Command, tag="delete"):
    message: str


class React(Command, tag="react"):
    message: str
    emoji: str
    on: bool


class Read(Command, tag="read"):
    """Moves the read position forward to `seq`; with `unread` also back. Of a thread, if it names one."""

    room: str
    seq: int
    unread: bool = False
    thread: str | None = None


class Follow(Command, tag="follow"):
    """Hear of the replies in the thread of `message`, or no more."""

    message: str
    on: bool


class Typing(Command, tag="typing"):
    room: str


class Join(Command, tag="join"):
    room: str


class Leave(Command, tag="leave"):
    room: str


class Auth(Command, tag="auth"):
    """A newer access token of the same user."""

    token: str


class Ping(Command, tag="ping"):
    pass


COMMANDS: Final[tuple[type[Command], ...]] = (
    Resume,
    Post,
    Edit,
    Delete,
    React,
    Read,
    Follow,
    Typing,
    Join,
    Leave,
    Auth,
    Ping,
)
OPS: Final = frozenset(str(command.__struct_config__.tag) for command in COMMANDS)

_decoder: Final[msgspec.json.Decoder[Command]] = msgspec.json.Decoder(
    Resume | Post | Edit | Delete | React | Read | Follow | Typing | Join | Leave | Auth | Ping
)


class BadFrame(Exception):
    """The frame is not one JSON object: there is nobody to answer, the socket closes with 4400."""


class Unanswerable(Exception):
    """A JSON object that is no command. `refusal` says why, `ref` is what the client called it, if it can be read."""

    def __init__(self, refusal: BadRequest | UnknownOp, ref: str | None) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal
        self.ref = ref


def decode(text: str | bytes) -> Command:
    """One text frame → one command.

    Raises:
        BadFrame: the text is not one JSON object (RFC 8259).
        Unanswerable: it is, but its op is unknown or a field is bad, missing or unknown.
    """
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        _explain(text, error)


def _explain(text: str | bytes, error: Exception) -> NoReturn:
    """Tells a frame that is no frame from a command with a fault."""
    try:
        frame = faults.read(text)
    except BadRequest as refusal:
        raise Unanswerable(refusal, None) from None
    except NotAnObject as reason:
        raise BadFrame(str(reason)) from None
    ref = frame.get("ref")
    ref = ref if isinstance(ref, str) and faults.is_text(ref) else None
    op = frame.get("op")
    if isinstance(op, str) and op not in OPS:
        raise Unanswerable(UnknownOp(f"there is no op {op[:40]!r}", field="op"), ref)
    raise Unanswerable(faults.fault(frame, error), ref)

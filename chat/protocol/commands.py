"""What a client may send over the socket, and how a frame becomes one of these."""

import json
from typing import Final, NoReturn

import msgspec

from chat.protocol.errors import BadRequest, UnknownOp


class Command(msgspec.Struct, tag_field="op", forbid_unknown_fields=True, kw_only=True):
    """Base of all commands. `ref` is the client's own and comes back in exactly one answer."""

    ref: str | None = None


class Resume(Command, tag="resume"):
    """`cursors`: stream name → number of the last event that the client has."""

    epoch: str | None = None
    cursors: dict[str, int] = {}


class Post(Command, tag="post"):
    """`id` is the client's UUID: the same one is sent again until it is answered."""

    room: str
    id: str
    body: str
    reply_to: str | None = None


class Edit(Command, tag="edit"):
    message: str
    body: str


class Delete(Command, tag="delete"):
    message: str


class Read(Command, tag="read"):
    """Moves the read position forward to `seq`; with `unread` also back."""

    room: str
    seq: int
    unread: bool = False


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


COMMANDS: Final[tuple[type[Command], ...]] = (Resume, Post, Edit, Delete, Read, Typing, Join, Leave, Auth, Ping)
OPS: Final = frozenset(str(command.__struct_config__.tag) for command in COMMANDS)

_decoder: Final[msgspec.json.Decoder[Command]] = msgspec.json.Decoder(
    Resume | Post | Edit | Delete | Read | Typing | Join | Leave | Auth | Ping
)


class BadFrame(Exception):
    """The frame is not one JSON object: there is nobody to answer, the socket closes with 4400."""


class Unanswerable(Exception):
    """A JSON object that is no command. `refusal` says why, `ref` is what the client called it, if it can be read."""

    def __init__(self, refusal: BadRequest | UnknownOp, ref: str | None) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal
        self.ref = ref


def decode(text: str) -> Command:
    """One text frame → one command.

    Raises:
        BadFrame: the text is not one JSON object (RFC 8259).
        Unanswerable: it is, but its op is unknown or a field is bad, missing or unknown.
    """
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        _explain(text, error)


def _explain(text: str, error: Exception) -> NoReturn:
    """Tells a frame that is no frame from a command with a fault. Slow, and only for what is wrong.

    msgspec stops at the first fault, so it may name a field of a text that is not JSON further on; and it does not
    take a lone surrogate, which JSON does. The standard library's decoder reads all of it.
    """
    try:
        frame = json.loads(text, parse_constant=_no_constant, parse_int=_any_number)
    except RecursionError:
        # Deeper than any field is: nothing that we take looks so, but it may well be JSON.
        raise Unanswerable(BadRequest("nested too deeply"), None) from None
    except ValueError:
        raise BadFrame("not JSON") from None
    if not isinstance(frame, dict):
        raise BadFrame("not a JSON object")
    ref = frame.get("ref")
    ref = ref if isinstance(ref, str) and _is_text(ref) else None
    op = frame.get("op")
    if isinstance(op, str) and op not in OPS:
        raise Unanswerable(UnknownOp(f"there is no op {op[:40]!r}", field="op"), ref)
    for name, value in frame.items():
        if not _is_text(name) or (isinstance(value, str) and not _is_text(value)):
            field = ascii(name)[1:-1][:80]
            raise Unanswerable(
                BadRequest(f"`{field}` has half a surrogate pair, which is no character", field=field), ref
            )
    detail = str(error)
    raise Unanswerable(BadRequest(detail, field=_field_in(detail)), ref)


def _field_in(detail: str) -> str | None:
    """The field that a message of msgspec speaks of: "… - at `$.seq`", "… missing required field `room`"."""
    _, _, rest = detail.rpartition("- at `$.") if "- at `$." in detail else detail.partition("field `")
    return rest.partition("`")[0].partition(".")[0].partition("[")[0] or None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _any_number(digits: str) -> int:
    """Python refuses integers of thousands of digits; that they are too large is not told by this decoder."""
    return int(digits) if len(digits) < 20 else 0

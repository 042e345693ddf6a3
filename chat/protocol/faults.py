"""What is wrong with a JSON object from a client, once the decoder has refused it. Slow, and only for what is wrong.

msgspec stops at the first fault, so it may name a field of a text that is not JSON further on; and it does not take a
lone surrogate, which JSON does. The standard library's decoder reads all of it.
"""

import json
from typing import Any, NoReturn, TypeVar

import msgspec

from chat.protocol.errors import BadRequest

T = TypeVar("T")


class NotAnObject(Exception):
    """The text is not one JSON object (RFC 8259)."""


def read(text: str | bytes) -> dict[str, Any]:
    """The object, whatever its fields hold; numbers too long for the decoder come as 0.

    Raises:
        NotAnObject: it is none.
        BadRequest: nested more deeply than any field is; it may well be JSON.
    """
    try:
        found = json.loads(text, parse_constant=_no_constant, parse_int=_any_number)
    except RecursionError:
        raise BadRequest("nested too deeply") from None
    except ValueError:
        raise NotAnObject("not JSON") from None
    if not isinstance(found, dict):
        raise NotAnObject("not a JSON object")
    return found


def decoded(decoder: "msgspec.json.Decoder[T]", raw: bytes) -> T:
    """What `decoder` makes of a body. Raises BadRequest that names the field to blame."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        try:
            found = read(raw)
        except NotAnObject as reason:
            raise BadRequest(f"the body is {reason}") from None
        raise fault(found, error) from None


def fault(found: dict[str, Any], error: Exception) -> BadRequest:
    """The refusal of an object of which the decoder said `error`. It names the field."""
    for name, value in found.items():
        if not is_text(name) or (isinstance(value, str) and not is_text(value)):
            field = ascii(name)[1:-1][:80]
            return BadRequest(f"`{field}` has half a surrogate pair, which is no character", field=field)
    detail = str(error)
    return BadRequest(detail, field=_field_in(detail))


def is_text(text: str) -> bool:
    """Whether all of it are characters; half a surrogate pair is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _field_in(detail: str) -> str | None:
    """The field that a message of msgspec speaks of: "… - at `$.seq`", "… missing required field `room`"."""
    _, _, rest = detail.rpartition("- at `$.") if "- at `$." in detail else detail.partition("field `")
    return rest.partition("`")[0].partition(".")[0].partition("[")[0] or None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _any_number(digits: str) -> int:
    """Python refuses integers of thousands of digits; that they are too large is not told by this decoder."""
    return int(digits) if len(digits) < 20 else 0

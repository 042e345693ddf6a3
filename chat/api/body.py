"""Request bodies: JSON objects, decoded into typed structs that forbid unknown fields, like the socket's commands."""

from functools import cache
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest
from rest_framework.exceptions import UnsupportedMediaType

from chat.protocol import faults
from chat.protocol.errors import BadRequest, TooLarge
from chat.protocol.limits import FRAME_BYTES
from chat.protocol.values import parse_id

JSON = "application/json"


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of all bodies. In those of PATCH every field is `UNSET` unless it was given."""

    def given(self) -> dict[str, Any]:
        """The fields that were given, as keyword arguments of an operation."""
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in values.items() if value is not msgspec.UNSET}


B = TypeVar("B", bound=Body)


def read(request: HttpRequest, kind: type[B]) -> B:
    """The body of `request` as a `kind`.

    Raises:
        UnsupportedMediaType: it does not say that it is JSON.
        TooLarge: more bytes than a frame of the socket may have.
        BadRequest: it is empty or no JSON object, or a field is bad, missing or unknown; `field` says which.
    """
    # The length that a request claims may be missing.
    raw = request.read(FRAME_BYTES + 1)
    if not raw:
        raise BadRequest("the body is empty: send a JSON object")
    if request.content_type != JSON:
        raise UnsupportedMediaType(request.content_type or "nothing", f"send the body as {JSON}")
    if len(raw) > FRAME_BYTES:
        raise TooLarge(f"a body has at most {FRAME_BYTES:,} bytes")
    return faults.decoded(_decoder(kind), raw)


@cache
def _decoder(kind: type[B]) -> msgspec.json.Decoder[B]:
    return msgspec.json.Decoder(kind)


def id_in(field: str, text: str) -> int:
    """A wire id in a body as a database id, or BadRequest when no row can have it."""
    number = parse_id(text)
    if number is None:
        raise BadRequest(f"{field} is not an id", field=field)
    return number


def maybe_id_in(field: str, text: str | None) -> int | None:
    """The same of a field that may be left out."""
    return None if text is None else id_in(field, text)

"""What can go wrong, as types. All of them are a ParleyError."""

from __future__ import annotations

from typing import ClassVar


class ParleyError(Exception):
    """Base of every error of this package."""


class Refused(ParleyError):
    """The server understood, and does not do it.

    Attributes:
        code: the protocol's word for it, e.g. "forbidden".
        detail: one sentence for people.
        field: the field to blame, if there is one.
        retry_after: seconds after which the same may succeed, if the server named any.
    """

    passing: ClassVar[bool] = False
    """Whether the same may succeed later without a change."""

    def __init__(
        self, code: str, detail: str = "", *, field: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail or code
        self.field = field
        self.retry_after = retry_after


class BadRequest(Refused):
    """`bad_request`, `unknown_op`: a field is missing or holds what it must not."""


class NotFound(Refused):
    """`not_found`: there is no such thing, or you may not know of it."""


class Forbidden(Refused):
    """`forbidden`: not for you, or not with this token's scopes."""


class Conflict(Refused):
    """`conflict`: an id that was used for other words, or a change that crossed yours."""


class TooLarge(Refused):
    """`too_large`."""


class RateLimited(Refused):
    """`rate_limited`: wait `retry_after`."""

    passing = True


class Unavailable(Refused):
    """`unavailable`: nothing is wrong with the request, the server cannot serve it now."""

    passing = True


class Unreachable(ParleyError):
    """No answer came: no network, no server, or something in between that is no Parley."""

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Closed(ParleyError):
    """The client was closed before the answer came."""


class StoreError(ParleyError):
    """What was kept cannot be read, belongs to somebody else, or is in use."""


class Stopped(ParleyError):
    """Connecting again is of no use. `Client.events()` and posts that wait raise it."""


class SignedOut(Stopped):
    """The token or password opens nothing, or not any more: expired, revoked, disabled."""


class Broken(Stopped):
    """The server says that this client breaks the protocol, or the server does."""


class NotParley(Stopped):
    """What answers at this address is no Parley."""


_KINDS: dict[str, type[Refused]] = {
    "bad_request": BadRequest,
    "unknown_op": BadRequest,
    "not_found": NotFound,
    "forbidden": Forbidden,
    "conflict": Conflict,
    "too_large": TooLarge,
    "rate_limited": RateLimited,
    "unavailable": Unavailable,
}


def refusal(code: str, detail: str = "", *, field: str | None = None, retry_after: float | None = None) -> Refused:
    """The error for a code of the protocol; one that is not known yet is a plain Refused."""
    return _KINDS.get(code, Refused)(code, detail, field=field, retry_after=retry_after)

"""Refusals: why the server did not do what it was asked, as values with a stable code.

An operation raises one; the socket turns it into an `error` frame and REST into a response, each in one place.
"""

from typing import ClassVar


class Refused(Exception):
    """Base of every refusal.

    Attributes:
        code: the stable word that clients switch on (PROTOCOL.md, "Commands").
        status: the HTTP status that says the same.
        detail: one sentence for people.
        field: the input to blame, if there is one.
        retry_after: seconds after which trying again makes sense, if there is such a time.
    """

    code: ClassVar[str]
    status: ClassVar[int]

    def __init__(self, detail: str, *, field: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.retry_after = retry_after


class BadRequest(Refused):
    code, status = "bad_request", 400


class UnknownOp(Refused):
    code, status = "unknown_op", 400


class NotFound(Refused):
    """Also the answer for what exists but may not be seen."""

    code, status = "not_found", 404


class Forbidden(Refused):
    code, status = "forbidden", 403


class Conflict(Refused):
    code, status = "conflict", 409


class TooLarge(Refused):
    code, status = "too_large", 413


class RateLimited(Refused):
    code, status = "rate_limited", 429


class Unavailable(Refused):
    """Nothing is wrong with the request: the database is away or the node is draining. Try again."""

    code, status = "unavailable", 503

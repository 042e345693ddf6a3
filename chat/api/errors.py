"""Whatever goes wrong becomes one shape, here and nowhere else: `{"code", "detail", "fields"?}`."""

import math
from typing import Any, Final

import msgspec
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions

from chat.operations.credentials import BadCredentials
from chat.protocol.errors import BadRequest, Forbidden, NotFound, Refused, TooLarge, Unavailable
from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

CODES: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
    500: "internal",
    503: "unavailable",
}


def response(status: int, code: str, detail: str, fields: dict[str, list[str]] | None = None) -> HttpResponse:
    problem = {"code": code, "detail": detail} | ({"fields": fields} if fields else {})
    answer = HttpResponse(msgspec.json.encode(problem), status=status, content_type="application/json")
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def handle(error: Exception, context: Any = None) -> HttpResponse | None:
    """The answer to an exception; None for one that is a fault of the server's own, which Django logs (500)."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, BadCredentials):
        return response(401, CODES[401], str(error))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    known = _translated(error)
    return None if known is None else _refused(known)


def _refused(error: Refused) -> HttpResponse:
    fields = {error.field: [error.detail]} if error.field else None
    answer = response(error.status, error.code, error.detail, fields)
    if error.retry_after is not None:
        answer["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return answer


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    unknown_person = isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed)
    # The framework makes them 403 where a view has no authentication.
    status = 401 if unknown_person else error.status_code
    return response(status, CODES.get(status, "bad_request" if status < 500 else "internal"), str(error.detail))


def _translated(error: Exception) -> Refused | None:
    if isinstance(error, Http404):
        return NotFound("there is nothing here")
    if isinstance(error, PermissionDenied):
        return Forbidden("you may not do this")
    if isinstance(error, RequestDataTooBig):
        return TooLarge("the request is too large")
    if isinstance(error, SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return BadRequest("the request cannot be read")
    if isinstance(error, DataError):
        logger.error("the database refused what was asked of it", exc_info=error)
        return BadRequest("this cannot be stored or looked for")
    if isinstance(error, DatabaseError | InterfaceError):
        metrics.database_errors.inc()
        known = isinstance(error, OperationalError | InterfaceError)
        (logger.warning if known else logger.error)("a request fails without the database", exc_info=error)
        return Unavailable("the database is away", retry_after=1)
    return None

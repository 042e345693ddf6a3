"""Who asks over HTTP: an access token, or the session of a page with its CSRF token, as elsewhere below /api/."""

from io import BytesIO
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from rest_framework.authentication import CSRFCheck

from chat.operations import credentials
from chat.operations.credentials import BadCredentials, Identity
from chat.realtime.admission import Denied, bearer, by_token, is_own_origin, nobody, session_of
from chat.realtime.http.request import Request
from chat.streams import database


async def identify(request: Request) -> Identity:
    """Raises Denied: 401 without or with bad credentials, 403 for a cookie from elsewhere or without its CSRF token,
    429 when too many bad ones came from this address."""
    headers = request.headers
    try:
        if "authorization" in headers:
            return await by_token(bearer(headers["authorization"]))
        session_key = session_of(headers)
        if request.method == "POST":
            _check_csrf(request.scope)
        elif "origin" in headers and not is_own_origin(request.scope, headers):
            raise Denied(403, "forbidden", "this page may not use the session of another site")
        return await database.read(credentials.by_session, session_key)
    except BadCredentials as error:
        raise await nobody(request.scope, error) from None


def _check_csrf(scope: dict[str, Any]) -> None:
    """Django's own check. It looks at headers and cookies alone, and asks no database."""
    request = ASGIRequest(scope, BytesIO())
    check = CSRFCheck(lambda request: HttpResponse())
    try:
        check.process_request(request)
        reason = check.process_view(request, lambda request: HttpResponse(), (), {})
    except SuspiciousOperation:
        raise Denied(400, "bad_request", "the request cannot be read") from None
    if reason:
        raise Denied(403, "forbidden", f"CSRF Failed: {reason}")

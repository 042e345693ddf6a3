"""Who asks: an access token, or the session of a page with its CSRF token."""

from typing import Any, cast

import structlog
from django.conf import settings
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from chat.models import User
from chat.operations import credentials
from chat.operations.credentials import BadCredentials, Identity

SCHEME = "Bearer"


def identify(request: HttpRequest) -> Identity | None:
    """Whoever the request comes from, or None when it names nobody. The log's context says who.

    A token counts before a cookie. A session that has ended is no session: whoever has it may sign in again.

    Raises:
        AuthenticationFailed: the token is wrong, expired or revoked.
        PermissionDenied: a session writes without its CSRF token.
    """
    identity = _identity(request)
    if identity is not None:
        structlog.contextvars.bind_contextvars(user=str(identity.user.pk))
    return identity


def _identity(request: HttpRequest) -> Identity | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME.lower():
        try:
            return credentials.by_token(token.strip())
        except BadCredentials as error:
            raise AuthenticationFailed(str(error)) from None
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return None
    try:
        identity = credentials.by_session(session_key)
    except BadCredentials:
        return None
    SessionAuthentication().enforce_csrf(cast(Request, request))
    return identity


class CredentialsAuthentication(BaseAuthentication):
    """`request.user` is the person, `request.auth` the `Identity`."""

    def authenticate(self, request: Request) -> tuple[User, Identity] | None:
        identity = identify(cast(Any, request)._request)
        return None if identity is None else (identity.user, identity)

    def authenticate_header(self, request: Request) -> str:
        return SCHEME

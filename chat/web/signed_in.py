"""Sessions and who is signed in by them: Django's own middleware, with the two questions to the database made once."""

from collections.abc import Callable
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from chat.models import User
from chat.models.prepared import Prepared
from chat.protocol.values import parse_id

_FIELDS: Final = [field.attname for field in User._meta.concrete_fields]
_sessions: Final = Prepared(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list("session_data"), key=str
)
_users: Final = Prepared(lambda pk: User.objects.filter(pk=pk, is_active=True).values_list(*_FIELDS), pk=int)


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        # PostgreSQL does not compare with a NUL, which a cookie can hold.
        for (data,) in _sessions(key=key) if key.isalnum() else ():
            found: dict[str, Any] = self.decode(data)
            return found
        self._session_key = None
        return {}


class Sessions(SessionMiddleware):
    def __init__(self, get_response: Callable[..., Any]) -> None:
        super().__init__(get_response)
        self.SessionStore = SessionStore


class SignedIn(AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment]


def user_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Whoever Django says. What a session says of somebody enabled who has the same password is seen at a glance."""
    session = request.session
    if session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
        for row in _users.converted(_users(pk=parse_id(str(session.get(auth.SESSION_KEY))) or 0)):
            user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, row)
            if constant_time_compare(session.get(auth.HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
                structlog.contextvars.bind_contextvars(user=str(user.pk))
                return user
    return auth.get_user(request)

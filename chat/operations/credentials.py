"""Who somebody is: an access token or a session, checked the same way for REST and the socket.

Both stand on a `Login`. When that has ended, or its user is disabled, they open nothing any more: at once, and not
only when they expire.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, Token

from chat.models import Login, User
from chat.protocol.values import parse_id

T = TypeVar("T", bound=Token)

LOGIN_CLAIM = "login"
USER_CLAIM = "user_id"
LOGIN_SESSION_KEY = "login"


class BadCredentials(Exception):
    """Nobody: a token or session that is wrong, expired or ended. The message may be shown."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An enabled person, and the login that says so until `expires_at`."""

    user: User
    login_id: uuid.UUID
    expires_at: datetime


def by_access_token(token: str) -> Identity:
    """The owner of a signed, unexpired access token whose login is live. One query. Raises BadCredentials."""
    (outcome,) = by_access_tokens([token])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def by_access_tokens(tokens: Sequence[str]) -> list[Identity | Exception]:
    """The owner of each of many access tokens, or the BadCredentials that it deserves. One query for all."""
    claims = [_claims(token) for token in tokens]
    ids = [claim[0] for claim in claims if not isinstance(claim, BadCredentials)]
    logins = Login.objects.live().filter(kind=Login.Kind.TOKEN).select_related("user").in_bulk(ids) if ids else {}
    return [claim if isinstance(claim, BadCredentials) else _identity(logins, *claim) for claim in claims]


def _claims(token: str) -> tuple[uuid.UUID, int, datetime] | BadCredentials:
    """Login id, user id and time of expiry from a token whose signature and time are right."""
    try:
        claims = read_token(AccessToken, token)
        login_id, user_id = _login_claims(claims.get(LOGIN_CLAIM), claims.get(USER_CLAIM))
        return login_id, user_id, datetime.fromtimestamp(claims["exp"], UTC)
    except BadCredentials as error:
        return error
    except (ValueError, OverflowError, OSError):
        return BadCredentials("Token is invalid")


def _identity(
    logins: dict[uuid.UUID, Login], login_id: uuid.UUID, user_id: int, expires_at: datetime
) -> Identity | BadCredentials:
    login = logins.get(login_id)
    if login is None or login.user_id != user_id:
        return BadCredentials("this login has ended")
    return Identity(login.user, login.pk, expires_at)


def by_session(session_key: str) -> Identity:
    """The owner of a browser session, as `django.contrib.auth.get_user` finds them, whose login is live.

    Two queries. Raises BadCredentials.
    """
    session, expires_at = _session(session_key)
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        raise BadCredentials("this session is not signed in")
    login = live_login(Login.Kind.SESSION, session.get(LOGIN_SESSION_KEY), session.get(SESSION_KEY))
    if not _hash_fits(login.user, session.get(HASH_SESSION_KEY)):
        raise BadCredentials("the password has changed since")
    return Identity(login.user, login.pk, expires_at)


def read_token(kind: type[T], token: str) -> T:
    """The claims of a token of this kind whose signature and time are right. Raises BadCredentials."""
    try:
        return kind(token)  # type: ignore[arg-type]
    except TokenError as error:
        raise BadCredentials(str(error)) from None
    except (ValueError, TypeError, OverflowError, KeyError):
        raise BadCredentials("Token is invalid") from None


def live_login(kind: str, login_id: Any, user_id: Any) -> Login:
    """The login that these claims name, with its user. Raises BadCredentials unless it is live and that user's."""
    pk, user = _login_claims(login_id, user_id)
    login = Login.objects.live().filter(pk=pk, user=user, kind=kind).select_related("user").first()
    if login is None:
        raise BadCredentials("this login has ended")
    return login


def _login_claims(login_id: Any, user_id: Any) -> tuple[uuid.UUID, int]:
    """The ids of a login and its user, as credentials name them. Raises BadCredentials."""
    user = parse_id(str(user_id))
    try:
        login = uuid.UUID(str(login_id))
    except ValueError:
        user = None
    if user is None:
        raise BadCredentials("these credentials belong to no login") from None
    return login, user


def _session(session_key: str) -> tuple[dict[str, Any], datetime]:
    """What the unexpired session holds, and when it expires: the stored time, for reading does not prolong it."""
    if not (session_key.isascii() and session_key.isalnum() and len(session_key) <= 40):
        raise BadCredentials("there is no such session")
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    row = store.model.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).first()
    if row is None:
        raise BadCredentials("there is no such session")
    return store.decode(row.session_data), row.expire_date


def _hash_fits(user: User, session_hash: str | None) -> bool:
    """Whether the session was made with the password of now; keys that SECRET_KEY_FALLBACKS keeps count, too."""
    if not session_hash:
        return False
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, each) for each in hashes)

"""Who somebody is: an access token, a personal one, or a session, checked the same way for REST and the socket.

All stand on a `Login`. When that has ended, or its user is disabled, they open nothing any more: at once, and not
only when they expire.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import Token

from chat.models import Login, User
from chat.models.prepared import Prepared
from chat.operations.jwt import LOGIN_CLAIM, USER_CLAIM, AccessToken
from chat.operations.logins import note_use
from chat.operations.secrets import digest
from chat.protocol.errors import Forbidden
from chat.protocol.scopes import EVERYTHING, Scope
from chat.protocol.values import parse_id

T = TypeVar("T", bound=Token)

LOGIN_SESSION_KEY = "login"
PERSONAL = "parley_"
"""What a personal access token begins with."""
FOREVER = datetime.max.replace(tzinfo=UTC)


class BadCredentials(Exception):
    """Nobody: a token or session that is wrong, expired or ended. The message may be shown."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An enabled person or bot, and the login that says so until `expires_at`."""

    user: User
    login_id: uuid.UUID
    expires_at: datetime
    scopes: frozenset[Scope] = EVERYTHING
    is_personal: bool = False
    """By a personal access token, with which nobody makes or ends other ways in."""

    def check(self, scope: Scope) -> None:
        """Raises Forbidden when what they come with was not made for that."""
        if scope not in self.scopes:
            raise Forbidden(f"this token has no scope {scope!r}")


def by_token(token: str) -> Identity:
    """The owner of an access token or a personal one. One query.

    Raises:
        BadCredentials: it is none, has expired, or its login has ended.
    """
    (found,) = by_tokens([token])
    if isinstance(found, Exception):
        raise found
    return found


def by_tokens(tokens: Sequence[str]) -> list[Identity | Exception]:
    """The owner of each of many tokens, or the BadCredentials that it deserves. One query for all of a kind."""
    personal = [token for token in tokens if token.startswith(PERSONAL)]
    signed = [token for token in tokens if not token.startswith(PERSONAL)]
    found = dict(zip(personal, _by_personal_tokens(personal), strict=True))
    found |= dict(zip(signed, _by_access_tokens(signed), strict=True))
    return [found[token] for token in tokens]


def _by_personal_tokens(tokens: Sequence[str]) -> list[Identity | BadCredentials]:
    hashes = [digest(token) for token in tokens]
    logins = {login.token_hash: login for login in _live(_personal, hashes=hashes)} if hashes else {}
    return [_owner(logins.get(each)) for each in hashes]


def _owner(login: Login | None) -> Identity | BadCredentials:
    if login is None:
        return BadCredentials("this token does not exist, has expired or was revoked")
    note_use(login)
    scopes = frozenset(Scope(word) for word in login.scopes.split())
    return Identity(login.user, login.pk, login.expires_at or FOREVER, scopes, is_personal=True)


def _by_access_tokens(tokens: Sequence[str]) -> list[Identity | BadCredentials]:
    claims = [_claims(token) for token in tokens]
    ids = [claim[0] for claim in claims if not isinstance(claim, BadCredentials)]
    logins = {login.pk: login for login in _live(_logins, kind=Login.Kind.TOKEN.value, ids=ids)} if ids else {}
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
        claims = kind(token)  # type: ignore[arg-type]
    except TokenError as error:
        raise BadCredentials(str(error)) from None
    except (ValueError, TypeError, OverflowError, KeyError):
        raise BadCredentials("Token is invalid") from None
    if claims.payload["exp"] <= time.time():  # the library's leeway is for the other end
        raise BadCredentials("Token is expired")
    return claims


def live_login(kind: str, login_id: Any, user_id: Any) -> Login:
    """The login that these claims name, with its user. Raises BadCredentials unless it is live and that user's."""
    return _live_login(kind, *_login_claims(login_id, user_id))


def _live_login(kind: str, login_id: uuid.UUID, user_id: int) -> Login:
    for login in _live(_logins, kind=str(kind), ids=[login_id]):
        if login.user_id == user_id:
            return login
    raise BadCredentials("this login has ended")


def _live(prepared: Prepared, **which: Any) -> Iterator[Login]:
    """The live logins that the query finds, each with its user."""
    for row in prepared.converted(prepared(**which)):
        login = Login.from_db(DEFAULT_DB_ALIAS, _LOGIN_FIELDS, row[: len(_LOGIN_FIELDS)])
        login.user = User.from_db(DEFAULT_DB_ALIAS, _USER_FIELDS, row[len(_LOGIN_FIELDS) :])
        yield login


_LOGIN_FIELDS = [field.attname for field in Login._meta.concrete_fields]
_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_FIELDS = (*_LOGIN_FIELDS, *(f"user__{name}" for name in _USER_FIELDS))
_logins = Prepared(
    lambda kind, ids: Login.objects.live().filter(kind=kind, pk__in=ids).values_list(*_FIELDS),
    kind=str,
    ids=list[uuid.UUID],
)
_personal = Prepared(
    lambda hashes: Login.objects.live().filter(token_hash__in=hashes).values_list(*_FIELDS), hashes=list[str]
)
_sessions = Prepared(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list(
        "session_data", "expire_date"
    ),
    key=str,
)


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
    for data, expires_at in _sessions.converted(_sessions(key=session_key)):
        return SessionStore().decode(data), expires_at
    raise BadCredentials("there is no such session")


def _hash_fits(user: User, session_hash: str | None) -> bool:
    """Whether the session was made with the password of now; keys that SECRET_KEY_FALLBACKS keeps count, too."""
    if not session_hash:
        return False
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, each) for each in hashes)

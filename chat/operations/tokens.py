"""Tokens: a short-lived one that opens doors, and one to fetch the next pair with, both of one login.

The refresh tokens of a login are numbered, and the login knows the number of the newest: none is kept, not even as a
digest. Who comes with an older one has a copy of what was used already, so the login ends (RFC 9700, section 4.14.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.models import Login, User
from chat.operations.credentials import BadCredentials, live_login, read_token
from chat.operations.jwt import GENERATION_CLAIM, LOGIN_CLAIM, USER_CLAIM, AccessToken, RefreshToken
from chat.operations.logins import end_login, start_login, start_logins
from chat.protocol.errors import Conflict

GRACE = timedelta(seconds=60)
"""How long a used token still gives the pair that it gave, for whom the answer was lost."""


@dataclass(frozen=True, slots=True)
class Pair:
    access: str
    refresh: str


def issue_tokens(*, user: User, user_agent: str = "") -> Pair:
    """The first pair of a new login. Raises Forbidden for a disabled user."""
    return _pair(start_login(user=user, kind=Login.Kind.TOKEN, user_agent=user_agent))


def issue_many(*, users: Sequence[User], lifetime: timedelta) -> list[Pair]:
    """The first pairs of a new login each, in one statement; `lifetime` is that of the access tokens.

    Raises Forbidden for a disabled user.
    """
    return [_pair(login, lifetime) for login in start_logins(users=users, kind=Login.Kind.TOKEN)]


def rotate_tokens(*, refresh: str, arrived_at: datetime) -> Pair | None:
    """The next pair, for the newest refresh token of a login. `arrived_at`: when it was asked for.

    The one before gives the same pair for a while: somebody has not heard the answer. An older one gives None, and has
    ended the login.

    Raises:
        BadCredentials: the token is wrong or expired, its login has ended, or its user is disabled or gone.
        Conflict: of two who came with it at once, the other was first. Ask again, or take the other's answer.
    """
    claims = read_token(RefreshToken, refresh)
    login_id, user_id = claims.get(LOGIN_CLAIM), claims.get(USER_CLAIM)
    with transaction.atomic():
        live_login(Login.Kind.TOKEN, login_id, user_id)
        list(Login.objects.select_for_update().filter(pk=login_id))  # the second waits for the first
        login = live_login(Login.Kind.TOKEN, login_id, user_id)
        used = _generation(claims)
        if used < login.generation:
            return _once_more(login, used, arrived_at)
        # A backup that was restored may know less than the token does.
        login.generation, login.rotated_at = used + 1, timezone.now()
        login.save(update_fields=["generation", "rotated_at"])
        return _pair(login)


def _once_more(login: Login, used: int, arrived_at: datetime) -> Pair | None:
    """For a token that has been used."""
    rotated_at = login.rotated_at
    if used < login.generation - 1 or rotated_at is None or timezone.now() - rotated_at > GRACE:
        end_login(login_id=login.pk)
        return None
    if arrived_at <= rotated_at:
        raise Conflict("another request with this token was first: ask again, or take its answer", retry_after=1)
    return _pair(login)


def revoke_tokens(*, refresh: str) -> None:
    """Ends the login of a refresh token, its sockets included. Ending it twice changes nothing. Raises BadCredentials.

    A used token does it, too: it is the same login's.
    """
    claims = read_token(RefreshToken, refresh)
    with transaction.atomic():
        try:
            login = live_login(Login.Kind.TOKEN, claims.get(LOGIN_CLAIM), claims.get(USER_CLAIM))
        except BadCredentials:
            return
        end_login(login_id=login.pk)


def _generation(claims: RefreshToken) -> int:
    found: Any = claims.get(GENERATION_CLAIM)
    if not isinstance(found, int):
        raise BadCredentials("Token is invalid")
    return found


def _pair(login: Login, lifetime: timedelta | None = None) -> Pair:
    """`lifetime` of the access token is that of the settings unless given."""
    access, refresh = AccessToken(), RefreshToken()
    for token in access, refresh:
        token[USER_CLAIM], token[LOGIN_CLAIM] = str(login.user_id), str(login.pk)
    refresh[GENERATION_CLAIM] = login.generation
    if lifetime is not None:
        access.set_exp(lifetime=lifetime)
    return Pair(access=str(access), refresh=str(refresh))

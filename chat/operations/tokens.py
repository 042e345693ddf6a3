"""Tokens: a short-lived one that opens doors, and one to fetch the next pair with, both of one login."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, Token

from chat.models import Login, User
from chat.operations.credentials import LOGIN_CLAIM, USER_CLAIM, BadCredentials, live_login, read_token
from chat.operations.logins import end_login, start_login, start_logins


@dataclass(frozen=True, slots=True)
class Pair:
    access: str
    refresh: str


class _Refresh(Token):
    """A refresh token whose blacklisting has not been looked up: that is done where it decides."""

    token_type = RefreshToken.token_type
    lifetime = RefreshToken.lifetime


def issue_tokens(*, user: User, user_agent: str = "") -> Pair:
    """The first pair of a new login. Raises Forbidden for a disabled user."""
    with transaction.atomic():
        return _pair(start_login(user=user, kind=Login.Kind.TOKEN, user_agent=user_agent))


def issue_many(*, users: Sequence[User], lifetime: timedelta) -> list[Pair]:
    """The first pairs of a new login each, in a few statements; `lifetime` is that of the access tokens.

    Raises Forbidden for a disabled user.
    """
    with transaction.atomic():
        return _pairs(start_logins(users=users, kind=Login.Kind.TOKEN), lifetime)


def rotate_tokens(*, refresh: str) -> Pair:
    """The next pair, for a refresh token that is used up by it. Of two who come with the same, one wins.

    Raises:
        BadCredentials: the token is wrong, expired or used, its login has ended, or its user is disabled or gone.
    """
    claims = read_token(_Refresh, refresh)
    with transaction.atomic():
        login = live_login(Login.Kind.TOKEN, claims.get(LOGIN_CLAIM), claims.get(USER_CLAIM))
        if not _use_up(claims):
            raise BadCredentials("this token has been used")
        return _pair(login)


def revoke_tokens(*, refresh: str) -> None:
    """Ends the login of a refresh token, its sockets included. Ending it twice changes nothing. Raises BadCredentials.

    A used token does it, too: it is the same login's.
    """
    claims = read_token(_Refresh, refresh)
    with transaction.atomic():
        try:
            login = live_login(Login.Kind.TOKEN, claims.get(LOGIN_CLAIM), claims.get(USER_CLAIM))
        except BadCredentials:
            return
        _use_up(claims)
        end_login(login_id=login.pk)


def _use_up(claims: Token) -> bool:
    """Blacklists a token; False when somebody was first. The row's lock makes the second wait for the first."""
    outstanding = OutstandingToken.objects.select_for_update().filter(jti=claims["jti"]).first()
    if outstanding is None:
        return False
    _, created = BlacklistedToken.objects.get_or_create(token=outstanding)
    return created


def _pair(login: Login) -> Pair:
    return _pairs([login])[0]


def _pairs(logins: Sequence[Login], lifetime: timedelta | None = None) -> list[Pair]:
    """A pair for each login. `lifetime` of the access tokens is that of the settings unless given."""
    pairs, outstanding = [], []
    for login in logins:
        refresh = RefreshToken()
        refresh[USER_CLAIM] = str(login.user_id)
        refresh[LOGIN_CLAIM] = str(login.pk)
        access = refresh.access_token
        if lifetime is not None:
            access.set_exp(lifetime=lifetime)
        pair = Pair(access=str(access), refresh=str(refresh))
        pairs.append(pair)
        outstanding.append(
            OutstandingToken(
                user=login.user,
                jti=refresh["jti"],
                # What opens doors is not kept: the number alone tells tokens apart.
                token=hashlib.sha256(pair.refresh.encode()).hexdigest(),
                created_at=datetime.fromtimestamp(refresh["iat"], UTC),
                expires_at=datetime.fromtimestamp(refresh["exp"], UTC),
            )
        )
    OutstandingToken.objects.bulk_create(outstanding)
    return pairs

"""Signing in and out. Ending a login ends the sessions, tokens and live sockets that stand on it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from chat.models import Login, PushDevice, User
from chat.protocol.errors import Forbidden
from chat.streams import log, writer

USER_AGENT_CHARACTERS = 200
NOTED = timedelta(minutes=1)


def start_login(*, user: User, kind: str, session_key: str = "", user_agent: str = "") -> Login:
    """Notes a sign-in of `kind` session or token. Raises Forbidden for a disabled user."""
    _check_enabled(user)
    user_agent = user_agent[:USER_AGENT_CHARACTERS].replace("\x00", "")
    return Login.objects.create(user=user, kind=kind, session_key=session_key, user_agent=user_agent)


def start_logins(*, users: Sequence[User], kind: str) -> list[Login]:
    """Notes a sign-in of each, in one statement. Raises Forbidden for a disabled user."""
    for user in users:
        _check_enabled(user)
    return Login.objects.bulk_create([Login(user=user, kind=kind) for user in users])


def move_login(*, login_id: uuid.UUID, session_key: str) -> None:
    """Django has given the session a new key, as it does when a password changes."""
    Login.objects.filter(pk=login_id).update(session_key=session_key)


def note_use(login: Login) -> None:
    """Writes down that a personal access token was used, once a minute and when the writer comes to it."""
    now = timezone.now()
    if login.last_used_at is None or now - login.last_used_at > NOTED:
        writer.later(Login.objects.filter(pk=login.pk).update, last_used_at=now)


def end_login(*, login_id: uuid.UUID) -> None:
    """Ends one login. Ending it twice changes nothing."""
    login = Login.objects.filter(pk=login_id, revoked_at=None).first()
    if login is not None:
        end_logins(user_id=login.user_id, logins=[login])


def end_all_logins(*, user_id: int, except_login: uuid.UUID | None = None, except_personal: bool = False) -> int:
    """Ends all logins of a person, but one or their personal access tokens if asked for; returns how many."""
    found = Login.objects.filter(user=user_id, revoked_at=None)
    if except_personal:
        found = found.sign_ins()
    logins = [login for login in found if login.pk != except_login]
    end_logins(user_id=user_id, logins=logins)
    return len(logins)


def end_every_login(*, user_id: int) -> None:
    """Ends all logins of a person whom nothing may let in any more, one that is being made now included."""
    end_logins(user_id=user_id, logins=Login.objects.filter(user=user_id, revoked_at=None), every=True)


def end_logins(*, user_id: int, logins: Iterable[Login], every: bool = False) -> None:
    """Ends these logins of one person, and tells their live sockets on every node by the person's stream.

    With `every` the event names none: it ends any socket of the person.
    """
    logins = list(logins)
    if not logins and not every:
        return
    with transaction.atomic(), log.adding([user_id]) as additions:
        now = timezone.now()
        Login.objects.filter(pk__in=[login.pk for login in logins]).update(revoked_at=now)
        PushDevice.objects.filter(login__in=logins).delete()
        Session.objects.filter(pk__in=[login.session_key for login in logins if login.session_key]).delete()
        ended = None if every else [str(login.pk) for login in logins]
        additions.add(user_id, "access.revoked", now, {"logins": ended})


def _check_enabled(user: User) -> None:
    if not user.is_active:
        raise Forbidden("this account is disabled")

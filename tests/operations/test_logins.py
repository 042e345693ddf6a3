"""Signing in and out."""

from __future__ import annotations

import uuid

from django.contrib.sessions.backends.db import SessionStore

from chat.models import Login, User
from chat.operations.logins import end_all_logins, end_login, move_login, start_login
from chat.operations.people import disable_user
from chat.protocol.errors import Forbidden
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def session() -> str:
    store = SessionStore()
    store["login"] = "somebody"
    store.save()
    return str(store.session_key)


def test_a_login_notes_where_it_came_from(bob: User) -> None:
    with agreeing() as events:
        login = start_login(user=bob, kind="session", session_key="k" * 32, user_agent="Firefox\x00" + "x" * 300)
    assert events == []
    login.refresh_from_db()
    assert (login.kind, login.session_key, len(login.user_agent) <= 200) == ("session", "k" * 32, True)
    assert login.user_agent.startswith("Firefoxx")


def test_who_is_disabled_does_not_sign_in(bob: User) -> None:
    bob = disable_user(actor=None, user_id=bob.pk)
    with refused(Forbidden):
        start_login(user=bob, kind="session")


def test_ending_a_login_ends_its_session_and_tells_the_sockets(bob: User) -> None:
    key, other = session(), session()
    login = start_login(user=bob, kind="session", session_key=key)
    with agreeing() as events:
        end_login(login_id=login.pk)
    assert [(event["type"], event["data"]["logins"]) for event in events] == [("access.revoked", [str(login.pk)])]
    assert not SessionStore().exists(key)
    assert SessionStore().exists(other)
    login.refresh_from_db()
    assert login.revoked_at is not None


def test_ending_twice_or_nothing_changes_nothing(bob: User) -> None:
    login = start_login(user=bob, kind="token")
    end_login(login_id=login.pk)
    with agreeing() as events:
        end_login(login_id=login.pk)
        end_login(login_id=uuid.uuid4())
    assert events == []


def test_all_end_but_the_one_that_is_kept(alice: User, bob: User) -> None:
    kept, *others = (start_login(user=bob, kind="token") for _ in range(3))
    hers = start_login(user=alice, kind="token")
    with agreeing() as events:
        assert end_all_logins(user_id=bob.pk, except_login=kept.pk) == 2
    assert set(events[0]["data"]["logins"]) == {str(login.pk) for login in others}
    assert set(Login.objects.live()) == {kept, hers}


def test_a_login_follows_its_session_to_a_new_key(bob: User) -> None:
    login = start_login(user=bob, kind="session", session_key="old")
    key = session()
    move_login(login_id=login.pk, session_key=key)
    end_login(login_id=login.pk)
    assert not SessionStore().exists(key)

"""Whom a request comes from: a bearer token, or the session of a page with its CSRF token."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from chat.models import Login, User
from chat.operations.logins import end_login, start_login
from tests.support.rest import Rest, problem, tokens_of

TOKEN = "a" * 32


def browser_of(user: User) -> Client:
    """A browser in which `user` has signed in, which minds CSRF."""
    session = SessionStore()
    session.create()
    login = start_login(user=user, kind=Login.Kind.SESSION, session_key=session.session_key or "")
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["login"] = str(login.pk)
    session.save()
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    return client


def rename(client, **headers):
    return client.patch("/api/v1/me/", '{"name": "A."}', content_type="application/json", headers=headers)


def test_a_bearer_token_is_one_query(alice, queries):
    rest = Rest(tokens_of(alice).access)
    with queries() as asked:
        assert rest.get("me/").status_code == 200
    assert asked.number == 1


def test_the_scheme_is_case_insensitive(alice):
    token = tokens_of(alice).access
    assert Client().get("/api/v1/me/", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_session_reads(alice):
    assert browser_of(alice).get("/api/v1/me/").json()["username"] == "alice"


def test_a_session_writes_with_its_csrf_token(alice):
    assert rename(browser_of(alice), **{"X-CSRFToken": TOKEN}).json()["name"] == "A."


@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "b" * 32}])
def test_a_session_does_not_write_without_it(alice, headers):
    problem(rename(browser_of(alice), **headers), 403, "forbidden")
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_a_token_writes_without_it(alice):
    client = browser_of(alice)
    assert rename(client, Authorization=f"Bearer {tokens_of(alice).access}").status_code == 200


def test_a_token_counts_before_the_session(alice, bob):
    client = browser_of(alice)
    headers = {"Authorization": f"Bearer {tokens_of(bob).access}"}
    assert client.get("/api/v1/me/", headers=headers).json()["username"] == "bob"
    problem(client.get("/api/v1/me/", headers={"Authorization": "Bearer x"}), 401, "unauthorized")


def test_the_credentials_of_a_proxy_are_none_of_ours(alice):
    client = browser_of(alice)
    assert client.get("/api/v1/me/", headers={"Authorization": "Basic YTpi"}).status_code == 200


def test_a_session_ends_with_its_login(alice):
    client = browser_of(alice)
    end_login(login_id=Login.objects.get().pk)
    problem(client.get("/api/v1/me/"), 401, "unauthorized")


@pytest.mark.parametrize("key", ["x", "é" * 32, '"\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "a" * 9000])
def test_what_is_no_session_is_nobody(db, key):
    response = Client().get("/api/v1/me/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
    problem(response, 401, "unauthorized")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer \x00", "Bearer é", "x", ""]
)
def test_what_is_no_token_gives_401_and_says_how(db, header):
    response = Client().get("/api/v1/me/", headers={"Authorization": header})
    problem(response, 401, "unauthorized")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_never_read(alice):
    token = tokens_of(alice).access
    response = Client().get("/api/v1/me/", query_params={"token": token, "access_token": token})
    problem(response, 401, "unauthorized")


def test_a_disabled_person_is_nobody(alice):
    rest, client = Rest(tokens_of(alice).access), browser_of(alice)
    User.objects.update(is_active=False)
    problem(rest.get("me/"), 401, "unauthorized")
    problem(client.get("/api/v1/me/"), 401, "unauthorized")


ADDRESSES = [
    ("GET", "me/"),
    ("PATCH", "me/"),
    ("GET", "users/"),
    ("POST", "users/"),
    ("GET", "users/1/"),
    ("GET", "rooms/"),
    ("POST", "rooms/"),
    ("GET", "rooms/1/"),
    ("PATCH", "rooms/1/"),
    ("POST", "rooms/1/join/"),
    ("POST", "rooms/1/leave/"),
    ("PUT", "rooms/1/read/"),
    ("GET", "rooms/1/members/"),
    ("POST", "rooms/1/members/"),
    ("PATCH", "rooms/1/members/1/"),
    ("DELETE", "rooms/1/members/1/"),
    ("GET", "rooms/1/messages/"),
    ("POST", "rooms/1/messages/"),
    ("GET", "messages/1/"),
    ("PATCH", "messages/1/"),
    ("DELETE", "messages/1/"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_nobody_gets_nowhere(as_nobody, method, path):
    problem(as_nobody.ask(method, path), 401, "unauthorized")

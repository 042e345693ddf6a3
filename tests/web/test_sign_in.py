"""/sign-in/ and /sign-out/: browser sessions, each with its login."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import Event, Login, User
from chat.operations.people import disable_user
from tests.web.conftest import PASSWORD, SignedIn


def test_somebody_signs_in_and_the_session_knows_its_login(client: Client, bob: User) -> None:
    answers = {"username": "bob", "password": PASSWORD}
    assertRedirects(client.post("/sign-in/", answers), "/", fetch_redirect_response=False)

    login = Login.objects.get()
    assert (login.user, login.kind) == (bob, "session")
    assert login.session_key == client.session.session_key
    assert client.session["login"] == str(login.pk)


@pytest.mark.parametrize("typed", ["BOB", "bob ", "ｂｏｂ"])
def test_a_name_is_found_however_it_is_typed(client: Client, bob: User, typed: str) -> None:
    assert client.post("/sign-in/", {"username": typed, "password": PASSWORD}).status_code == 302


def test_a_page_sends_to_the_door_and_the_door_back_to_it(client: Client, bob: User) -> None:
    assertRedirects(client.get("/people/?q=a"), "/sign-in/?next=/people/%3Fq%3Da")
    response = client.post("/sign-in/?next=/people/%3Fq%3Da", {"username": "bob", "password": PASSWORD})
    assertRedirects(response, "/people/?q=a")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///x", "\x00", "room"],
)
def test_the_door_leads_to_no_foreign_site(client: Client, bob: User, target: str) -> None:
    response = client.post("/sign-in/", {"username": "bob", "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("bob", "wrong"), ("nobody", PASSWORD), ("bo\x00b", PASSWORD)])
def test_a_wrong_name_or_password_is_refused_alike(client: Client, bob: User, username: str, password: str) -> None:
    response = client.post("/sign-in/", {"username": username, "password": password})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Login.objects.exists()


def test_a_disabled_account_is_told_so_only_with_the_right_password(client: Client, bob: User) -> None:
    disable_user(actor=None, user_id=bob.pk)
    assertContains(client.post("/sign-in/", {"username": "bob", "password": PASSWORD}), "This account is disabled")
    assertContains(client.post("/sign-in/", {"username": "bob", "password": "guess"}), "There is no account")


def test_after_ten_wrong_tries_the_door_stays_shut_for_that_name(client: Client, bob: User, alice: User) -> None:
    for _ in range(10):
        client.post("/sign-in/", {"username": "bob", "password": "guess"})
    response = client.post("/sign-in/", {"username": "BOB", "password": PASSWORD})
    assertContains(response, "Too many tries", status_code=429)
    assert client.post("/sign-in/", {"username": "alice", "password": PASSWORD}).status_code == 302


def test_of_many_tries_at_once_no_more_pass_than_one_by_one(
    client: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them comes in while the one before still has its password looked at."""
    looked_at = []

    def look(request: object, **answers: str) -> None:
        looked_at.append(answers)
        if len(looked_at) < 6:
            client.post("/sign-in/", {"username": "bob", "password": "guess"})

    monkeypatch.setattr("chat.web.throttle.TRIES", 3)
    monkeypatch.setattr("chat.web.forms.authenticate", look)
    client.post("/sign-in/", {"username": "bob", "password": "guess"})
    assert len(looked_at) == 3


def test_one_password_is_not_tried_on_everybody(client: Client, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.web.throttle.ADDRESS_TRIES", 5)
    for number in range(5):
        assert client.post("/sign-in/", {"username": f"user{number}", "password": "guess"}).status_code == 200
    assert client.post("/sign-in/", {"username": "bob", "password": "guess"}).status_code == 429


def test_the_addresses_of_one_ipv6_network_are_counted_together(
    client: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.web.throttle.ADDRESS_TRIES", 2)
    guess = {"username": "bob", "password": "guess"}
    statuses = [client.post("/sign-in/", guess, REMOTE_ADDR=f"2001:db8::{each}").status_code for each in range(1, 4)]
    assert statuses == [200, 200, 429]
    assert client.post("/sign-in/", guess, REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_signing_in_rightly_uses_no_try_up(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.web.throttle.ADDRESS_TRIES", 2)
    for _ in range(4):
        assert Client().post("/sign-in/", {"username": "bob", "password": PASSWORD}).status_code == 302


def test_signing_out_ends_the_login_and_tells_its_sockets(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    login = Login.objects.get()

    response = client.post("/sign-out/")
    assert response["Clear-Site-Data"] == '"cache"'
    assertContains(client.get(response["Location"]), "You are signed out")

    login.refresh_from_db()
    assert login.revoked_at is not None
    assert str(login.pk) in Event.objects.get(stream=bob.pk, type="access.revoked").payload
    assert client.get("/people/").status_code == 302


def test_a_page_does_not_read_all_time_zones(client: Client, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client.cookies["tz"] = "Europe/Berlin"
    client.get("/sign-in/")
    walk = Mock(return_value=[])
    monkeypatch.setattr("os.walk", walk)
    assert client.get("/sign-in/").status_code == 200
    walk.assert_not_called()


def test_signing_out_takes_a_post_with_a_token(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assert client.get("/sign-out/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assertContains(strict.post("/sign-out/"), "open for too long", status_code=403)


def test_signing_in_as_somebody_else_ends_the_first_login(bob: User, alice: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post("/sign-out/")
    client.post("/sign-in/", {"username": "alice", "password": PASSWORD})
    assert list(Login.objects.live().values_list("user__username", flat=True)) == ["alice"]


def test_a_login_ended_elsewhere_ends_the_session(bob: User, signed_in: SignedIn) -> None:
    here, there = signed_in(bob), signed_in(bob)
    other = Login.objects.get(session_key=there.session.session_key)
    assertRedirects(here.post(f"/profile/logins/{other.pk}/end/"), "/profile/")
    assert there.get("/people/").status_code == 302
    assert here.get("/people/").status_code == 200

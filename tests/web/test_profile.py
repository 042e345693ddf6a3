"""/profile/: how others see one, how it looks, and from where one is signed in."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import Login, User
from chat.operations.logins import start_login
from tests.web.conftest import SignedIn

ANSWERS = {"name": "Robert", "email": "bob@example.org", "time_zone": "Asia/Tokyo", "hue": "7"}


def test_somebody_changes_the_own_profile(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assertContains(client.post("/profile/", ANSWERS, follow=True), "Saved.")
    bob.refresh_from_db()
    assert (bob.name, bob.time_zone, bob.hue) == ("Robert", "Asia/Tokyo", 7)
    assertContains(client.get("/people/"), "avatar--h7")


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Olympus"), ("hue", "12"), ("hue", "red"), ("email", "no address"), ("name", "x" * 81)],
)
def test_what_cannot_be_is_refused_at_its_field(bob: User, signed_in: SignedIn, field: str, value: str) -> None:
    page = signed_in(bob).post("/profile/", ANSWERS | {field: value})
    assert page.context["form"].errors.keys() == {field}


def test_an_address_belongs_to_one(alice: User, bob: User, signed_in: SignedIn) -> None:
    page = signed_in(alice).post("/profile/", ANSWERS | {"email": "BOB@example.org"})
    assertContains(page, "Somebody else has this e-mail address")


def test_the_look_is_kept_in_the_browser(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post("/profile/theme/", {"theme": "dark"})
    assertContains(client.get("/profile/"), '<html lang="en" data-theme="dark">')
    client.post("/profile/theme/", {"theme": '"><script>'})
    assertContains(client.get("/profile/"), 'data-theme="dark"')
    client.cookies["theme"] = "purple"
    assertContains(client.get("/profile/"), 'data-theme="auto"')


def test_the_logins_are_listed_and_can_be_ended(bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    start_login(user=bob, kind="session", user_agent=firefox)
    token = start_login(user=bob, kind="token")
    page = client.get("/profile/")
    assertContains(page, "A browser · this one")
    assertContains(page, "Firefox on Linux")
    assertContains(client.post(f"/profile/logins/{token.pk}/end/", follow=True), "Signed out there")
    assert Login.objects.live().count() == 2


def test_nobody_ends_the_login_of_another(alice: User, bob: User, signed_in: SignedIn) -> None:
    signed_in(alice)
    login = Login.objects.get()
    assert signed_in(bob).post(f"/profile/logins/{login.pk}/end/").status_code == 404
    assert Login.objects.live().filter(pk=login.pk).exists()


def test_the_anonymous_are_sent_to_the_door(client: Client, alice: User) -> None:
    assertRedirects(client.get("/profile/"), "/sign-in/?next=/profile/")

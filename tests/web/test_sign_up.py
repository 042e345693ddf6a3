"""/sign-up/: for everybody only where the owner opened it."""

from __future__ import annotations

from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import User, Workspace
from tests.web.conftest import PASSWORD, SignedIn

ANSWERS = {"name": "Grace", "username": "grace", "email": "", "password": PASSWORD}


def opened() -> None:
    Workspace.objects.filter(pk=Workspace.current().pk).update(open_signup=True)


def test_somebody_makes_an_account_and_is_in(client: Client, alice: User) -> None:
    opened()
    assertContains(client.get("/sign-in/"), 'href="/sign-up/"')
    assertRedirects(client.post("/sign-up/", ANSWERS), "/", fetch_redirect_response=False)
    assertContains(client.get("/people/"), "Grace")


def test_it_is_shut_unless_opened(client: Client, alice: User) -> None:
    assertContains(client.post("/sign-up/", ANSWERS), "By invitation only", status_code=403)
    assert not User.objects.named("grace").exists()


def test_a_taken_name_and_a_look_alike_are_refused_at_the_field(client: Client, alice: User) -> None:
    opened()
    for taken in ("Alice", "аlice"):
        response = client.post("/sign-up/", ANSWERS | {"username": taken})
        assert response.context["form"].errors.keys() == {"username"}
        assertContains(response, 'aria-invalid="true"')


def test_what_was_typed_comes_back_but_for_the_password(client: Client, alice: User) -> None:
    opened()
    response = client.post("/sign-up/", ANSWERS | {"password": "short", "name": "<b>Grace</b>"})
    assertContains(response, "&lt;b&gt;Grace&lt;/b&gt;")
    assert "short" not in response.content.decode().replace("too short", "")


def test_who_is_in_already_goes_home(alice: User, signed_in: SignedIn) -> None:
    assertRedirects(signed_in(alice).get("/sign-up/"), "/", fetch_redirect_response=False)

"""/setup/: only while there is nobody, and safe against two visitors at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import Login, Room, User, Workspace
from tests.web.conftest import PASSWORD

ANSWERS = {"workspace_name": "Acme", "name": "Ada", "username": "ada", "email": "", "password": PASSWORD}


@pytest.mark.django_db
def test_the_first_visitor_names_the_place_and_owns_it(client: Client) -> None:
    assertRedirects(client.post("/setup/", ANSWERS), "/", fetch_redirect_response=False)

    ada = User.objects.get()
    assert ada.is_superuser
    assert Workspace.current().name == "Acme"
    assertContains(client.get("/", follow=True), "Message #General")
    assert Login.objects.get().session_key == client.session.session_key


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/rooms/", "/rooms/general/", "/sign-in/", "/people/ada/", "/invite/x/"])
def test_while_there_is_nobody_every_page_leads_there(client: Client, path: str) -> None:
    assertRedirects(client.get(path), "/setup/")


def test_afterwards_it_leads_home(client: Client, alice: User) -> None:
    assertRedirects(client.get("/setup/"), "/", target_status_code=302)


def test_who_comes_too_late_is_told_so(client: Client, alice: User) -> None:
    assertContains(client.post("/setup/", ANSWERS), "a moment faster", status_code=409)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_weak_password_and_a_bad_name_are_shown_at_their_fields(client: Client) -> None:
    response = client.post("/setup/", ANSWERS | {"password": "12345678"})
    assert response.context["form"].errors.keys() == {"password"}

    response = client.post("/setup/", ANSWERS | {"username": "two words"})
    assert response.context["form"].errors.keys() == {"username"}
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_visitors_at_once_one_wins_and_the_other_is_told() -> None:
    barrier = threading.Barrier(2)
    statuses: list[int] = []

    def visit(name: str) -> None:
        try:
            barrier.wait()
            statuses.append(Client().post("/setup/", ANSWERS | {"username": name}).status_code)
        finally:
            connection.close()

    visitors = [threading.Thread(target=visit, args=[name]) for name in ("ada", "grace")]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()

    assert sorted(statuses) == [302, 409]
    assert User.objects.count() == 1
    assert Room.objects.count() == 1

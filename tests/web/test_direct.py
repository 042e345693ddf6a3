"""/people/ and /people/<name>/: finding somebody, and talking with them alone."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Room, User
from chat.operations.people import create_user, disable_user
from chat.operations.rooms import open_direct
from tests.web.conftest import Say, SignedIn


def test_a_talk_begins_when_somebody_asks_for_it(alice: User, bob: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assertContains(client.get("/people/alice/"), "Start talking")
    assert not Room.objects.exists()

    assertRedirects(client.post("/people/alice/"), "/people/alice/")
    page = client.get("/people/alice/")
    assertContains(page, "Message Alice Adams")
    assertContains(page, 'data-kind="direct"')
    assertContains(signed_in(alice).get("/people/bob/"), "Message Bob")


def test_two_who_begin_at_once_share_one_talk(alice: User, bob: User, signed_in: SignedIn) -> None:
    signed_in(bob).post("/people/alice/")
    signed_in(alice).post("/people/bob/")
    assert Room.objects.count() == 1


def test_one_may_talk_to_oneself(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    client.post("/people/alice/")
    assertContains(client.get("/people/alice/"), "A place for your own notes")


def test_the_talk_of_two_is_not_for_a_third(
    alice: User, bob: User, mallory: User, say: Say, signed_in: SignedIn
) -> None:
    message = say(bob, open_direct(actor=alice, other=bob), "psst")
    assertContains(signed_in(alice).get("/people/bob/"), "psst")
    client = signed_in(mallory)
    for path in ("/people/bob/", "/people/alice/"):
        assertNotContains(client.get(path), "psst")
    assert client.get(f"/people/bob/{message.pk}/").status_code == 404


def test_a_name_has_one_address(alice: User, bob: User, signed_in: SignedIn) -> None:
    assertRedirects(signed_in(bob).get("/people/ALICE/"), "/people/alice/")


@pytest.mark.parametrize("name", ["nobody", "a" * 300, "%00", "..%2f"])
def test_who_is_not_there_is_not_found(alice: User, signed_in: SignedIn, name: str) -> None:
    assert signed_in(alice).get(f"/people/{name}/").status_code == 404


def test_no_talk_begins_with_somebody_disabled(alice: User, bob: User, mallory: User, signed_in: SignedIn) -> None:
    open_direct(actor=alice, other=bob)
    disable_user(actor=None, user_id=bob.pk)
    assert signed_in(mallory).post("/people/bob/").status_code == 404
    assert signed_in(alice).get("/people/bob/").status_code == 200


def test_people_are_found_by_name_and_user_name(alice: User, bob: User, mallory: User, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    page = client.get("/people/?q=adams")
    assertContains(page, "@alice")
    assertNotContains(page, "@mallory")
    assertContains(client.get("/people/?q=MALL"), "@mallory")
    assertContains(client.get("/people/?q=<nobody>"), "Nobody found for “&lt;nobody&gt;”")


def test_people_come_in_pages_with_as_many_queries(
    alice: User, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    client.get("/people/")
    with django_assert_num_queries(7):
        client.get("/people/")
    for number in range(60):
        create_user(actor=None, username=f"person{number:02}", password=None)
    with django_assert_num_queries(7):
        page = client.get("/people/")
    assertContains(page, 'rel="next" href="?page=2"')
    assertContains(client.get("/people/?page=2"), "@person59")


def test_the_anonymous_are_sent_to_the_door(client: Client, alice: User) -> None:
    for path in ("/people/", "/people/alice/"):
        assertRedirects(client.get(path), f"/sign-in/?next={path}")

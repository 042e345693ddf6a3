"""/rooms/<slug>/settings/: what a room is called, who is in it, and its end."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Membership, Room, User
from chat.operations.membership import add_member, change_role
from chat.operations.people import create_user
from tests.web.conftest import SignedIn

RULES = {"posting": "everyone", "slow_seconds": "0", "previews": "on"}
PATH = "/rooms/board/settings/"


def role_of(user: User) -> str | None:
    """In the only room that there is."""
    return Membership.objects.live().filter(user=user).values_list("role", flat=True).first()


def test_an_owner_changes_name_and_topic_while_the_address_stays(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    page = client.post(PATH, {"do": "update", "name": "Council", "topic": "Plans", **RULES}, follow=True)
    assertContains(page, "Saved.")
    page = client.get("/rooms/board/")
    assertContains(page, "Message Council")
    assertContains(page, "Plans")


def test_an_owner_turns_previews_of_links_off_and_on(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assertContains(client.get(PATH), 'name="previews" id="id_previews" checked')
    wish = {"do": "update", "name": "Board", "topic": "", **RULES}
    client.post(PATH, {name: value for name, value in wish.items() if name != "previews"})
    assert not Room.objects.get(pk=room.pk).previews
    assertNotContains(client.get(PATH), 'id="id_previews" checked')
    client.post(PATH, wish)
    assert Room.objects.get(pk=room.pk).previews


def test_an_owner_brings_people_in_and_puts_them_out(
    alice: User, mallory: User, room: Room, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    assertRedirects(client.post(PATH, {"do": "add", "username": "@Mallory"}), f"{PATH}#members")
    assert role_of(mallory) == "member"
    client.post(PATH, {"do": "remove", "user": mallory.pk})
    assert role_of(mallory) is None


def test_an_owner_gives_roles(alice: User, bob: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    client.post(PATH, {"do": "role", "user": bob.pk, "role": "moderator"})
    assert role_of(bob) == "moderator"
    assertContains(client.post(PATH, {"do": "role", "user": bob.pk, "role": "king"}, follow=True), "notice--error")


def test_somebody_is_banned_and_let_in_again(alice: User, bob: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    page = client.post(PATH, {"do": "ban", "user": bob.pk, "reason": "Sells watches."}, follow=True)
    assertContains(page, "Banned from this room.")
    assertContains(page, "Sells watches.")
    assert role_of(bob) is None
    assertContains(client.post(PATH, {"do": "add", "username": "bob"}), "Who is banned from the room is not let in.")
    page = client.post(PATH, {"do": "lift", "user": bob.pk}, follow=True)
    assertContains(page, "They may come in again.")
    assertNotContains(page, "Sells watches.")
    client.post(PATH, {"do": "add", "username": "bob"})
    assert role_of(bob) == "member"


def test_the_last_owner_cannot_step_down(alice: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(alice).post(PATH, {"do": "role", "user": alice.pk, "role": "member"}, follow=True)
    assertContains(page, "A room needs an owner")
    assert role_of(alice) == "owner"


def test_an_owner_archives_the_room_and_brings_it_back(alice: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    assertContains(client.post(PATH, {"do": "archive"}, follow=True), "Bring the room back")
    assertNotContains(client.get(PATH), "Add somebody by user name")
    assertContains(client.post(PATH, {"do": "restore"}, follow=True), "The room is back")


def test_a_moderator_manages_members_but_no_roles(
    alice: User, bob: User, mallory: User, room: Room, signed_in: SignedIn
) -> None:
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator")
    client = signed_in(bob)
    client.post(PATH, {"do": "add", "username": "mallory"})
    assert role_of(mallory) == "member"
    assertNotContains(client.get(PATH), "Role of")
    client.post(PATH, {"do": "role", "user": mallory.pk, "role": "owner"})
    client.post(PATH, {"do": "remove", "user": alice.pk})
    assert (role_of(mallory), role_of(alice)) == ("member", "owner")


@pytest.mark.parametrize(
    "wish",
    [
        {"do": "update", "name": "Mine", "topic": "", **RULES},
        {"do": "add", "username": "mallory"},
        {"do": "archive"},
        {"do": "role", "role": "owner"},
        {"do": "remove"},
        {"do": "ban"},
        {"do": "lift"},
    ],
)
def test_a_member_reads_and_changes_nothing(
    alice: User, bob: User, mallory: User, room: Room, signed_in: SignedIn, wish: dict[str, str]
) -> None:
    client = signed_in(bob)
    assertContains(client.get(PATH), "Alice Adams")
    client.post(PATH, wish | {"user": str(alice.pk if wish["do"] in ("remove", "ban") else bob.pk)})
    room.refresh_from_db()
    assert (room.name, room.archived_at) == ("Board", None)
    assert (role_of(alice), role_of(bob), role_of(mallory)) == ("owner", "member", None)


def test_an_outsider_of_an_open_room_is_asked_to_join_first(bob: User, open_room: Room, signed_in: SignedIn) -> None:
    assertRedirects(signed_in(bob).get("/rooms/design/settings/"), "/rooms/design/")


@pytest.mark.parametrize("name", ["nobody", "", "x" * 300, "nul\x00"])
def test_a_wrong_user_name_is_told_beside_the_field(alice: User, room: Room, signed_in: SignedIn, name: str) -> None:
    page = signed_in(alice).post(PATH, {"do": "add", "username": name})
    assertContains(page, "There is nobody with the user name")
    assertContains(page, 'aria-describedby="add-error"')


@pytest.mark.parametrize("wish", [{"do": "dance"}, {}, {"do": "remove", "user": "x"}, {"do": "role", "user": "0"}])
def test_a_wish_that_is_none_breaks_nothing(
    alice: User, bob: User, room: Room, signed_in: SignedIn, wish: dict[str, str]
) -> None:
    assert signed_in(alice).post(PATH, wish).status_code in (302, 400)
    assert (role_of(alice), role_of(bob)) == ("owner", "member")


def test_the_number_of_queries_does_not_depend_on_the_members(
    alice: User, room: Room, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    client.get(PATH)
    with django_assert_num_queries(12):
        client.get(PATH)
    for number in range(120):
        other = create_user(actor=None, username=f"other{number}", password=None)
        add_member(actor=None, room_id=room.pk, user_id=other.pk)
    with django_assert_num_queries(12):
        page = client.get(PATH)
    assertContains(page, 'rel="next"')

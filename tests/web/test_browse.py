"""/rooms/ and /rooms/new/: finding rooms, and making one."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Membership, Room, User
from chat.operations.rooms import create_room, open_direct, update_room
from tests.web.conftest import SignedIn


def test_open_rooms_can_be_found_and_joined(bob: User, open_room: Room, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assertContains(client.get("/rooms/"), "How it looks")
    assertRedirects(client.post("/rooms/design/join/"), "/rooms/design/")
    assertContains(client.get("/rooms/"), ">Joined</span>")


def test_the_list_holds_what_one_may_know_of(
    alice: User, bob: User, mallory: User, room: Room, open_room: Room, signed_in: SignedIn
) -> None:
    open_direct(actor=alice, other=bob)
    listed = [view.name for view in signed_in(bob).get("/rooms/").context["rooms"]]
    assert listed == ["Board", "Design"]
    listed = [view.name for view in signed_in(mallory).get("/rooms/").context["rooms"]]
    assert listed == ["Design"]


def test_rooms_are_found_by_name_and_topic(alice: User, open_room: Room, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    for query in ("DESI", "looks"):
        page = client.get("/rooms/", {"q": query})
        assertContains(page, 'href="/rooms/design/" dir="auto"')
        assertNotContains(page, 'href="/rooms/board/" dir="auto"')
    assertContains(client.get("/rooms/", {"q": "<b>"}), "No room matches “&lt;b&gt;”")


def test_archived_rooms_come_last_and_cannot_be_joined(
    alice: User, bob: User, open_room: Room, signed_in: SignedIn
) -> None:
    create_room(actor=alice, name="Zebra", kind="open")
    update_room(actor=alice, room_id=open_room.pk, archived=True)
    client = signed_in(bob)
    page = client.get("/rooms/")
    assert [view.name for view in page.context["rooms"]] == ["Zebra", "Design"]
    assertContains(page, ">Join</button>", count=1)
    assertContains(client.post("/rooms/design/join/"), "This room is archived", status_code=403)


def test_a_place_without_rooms_says_what_to_do(alice: User, signed_in: SignedIn) -> None:
    assertContains(signed_in(alice).get("/rooms/"), "There is no room yet")


def test_the_number_of_queries_does_not_depend_on_the_rooms(
    alice: User, open_room: Room, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    client.get("/rooms/")
    with django_assert_num_queries(8):
        client.get("/rooms/")
    for number in range(60):
        create_room(actor=alice, name=f"Room {number}", kind="open")
    with django_assert_num_queries(8):
        client.get("/rooms/")


def test_whoever_makes_a_room_owns_it(bob: User, signed_in: SignedIn) -> None:
    answers = {"name": "Field trips", "topic": "Outside", "kind": "private"}
    response = signed_in(bob).post("/rooms/new/", answers)
    membership = Membership.objects.get()
    assertRedirects(response, f"/rooms/{membership.room.slug}/")
    assert (membership.user, membership.role, membership.room.kind) == (bob, "owner", "private")


def test_a_room_named_new_does_not_hide_behind_the_form(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    response = client.post("/rooms/new/", {"name": "New", "topic": "", "kind": "open"})
    assertRedirects(response, "/rooms/new-2/")


@pytest.mark.parametrize(
    ("answers", "blamed"),
    [
        ({"name": " ", "kind": "open"}, "name"),
        ({"name": "x" * 81, "kind": "open"}, "name"),
        ({"name": "nul\x00", "kind": "open"}, "name"),
        ({"name": "fine", "kind": "direct"}, "kind"),
        ({"name": "fine", "kind": "open", "topic": "x" * 501}, "topic"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    alice: User, signed_in: SignedIn, answers: dict[str, str], blamed: str
) -> None:
    page = signed_in(alice).post("/rooms/new/", answers)
    assert page.context["form"].errors.keys() == {blamed}
    assert not Room.objects.exists()


def test_the_anonymous_are_sent_to_the_door(client: Client, open_room: Room) -> None:
    for path in ("/rooms/", "/rooms/new/"):
        assertRedirects(client.get(path), f"/sign-in/?next={path}")
    assert client.post("/rooms/design/join/").status_code == 302
    assert Membership.objects.count() == 1

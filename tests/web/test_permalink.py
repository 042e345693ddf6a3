"""/rooms/<slug>/<message>/: the room, opened at one message."""

from __future__ import annotations

from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains

from chat.models import Message, Room, User
from chat.operations.messages import delete_message
from chat.operations.rooms import open_direct
from tests.web.conftest import Say, SignedIn


def test_the_page_opens_around_the_message_and_marks_it(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    said = [say(alice, room, f"number {number}") for number in range(150)]
    page = signed_in(bob).get(f"/rooms/board/{said[75].pk}/")

    lines = [item for item in page.context["timeline"].items if item.kind == "line"]
    assert [line.id for line in lines] == [message.pk for message in said[45:105]]
    assert [line.id for line in lines if line.target] == [said[75].pk]
    assertContains(page, f'data-focus="{said[75].pk}"')
    assertContains(page, 'data-has-before="true" data-has-after="true"')


def test_the_newest_message_has_nothing_after_it(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "last")
    assertContains(signed_in(alice).get(f"/rooms/board/{message.pk}/"), 'data-has-after="false"')


def test_a_deleted_message_still_has_its_place(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "gone")
    delete_message(actor=alice, message_id=message.pk)
    assertContains(signed_in(alice).get(f"/rooms/board/{message.pk}/"), "message--deleted message--target")


def test_a_message_of_another_room_is_not_found(
    alice: User, room: Room, open_room: Room, say: Say, signed_in: SignedIn
) -> None:
    message = say(alice, room, "here")
    client = signed_in(alice)
    assert client.get(f"/rooms/board/{message.pk}/").status_code == 200
    assert client.get(f"/rooms/design/{message.pk}/").status_code == 404
    assert client.get(f"/rooms/board/{2**70}/").status_code == 404
    assert client.get("/rooms/board/0/").status_code == 404


def test_an_outsider_finds_nothing(mallory: User, alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "here")
    assert signed_in(mallory).get(f"/rooms/board/{message.pk}/").status_code == 404


def test_a_message_of_a_direct_talk_has_a_permalink_too(alice: User, bob: User, say: Say, signed_in: SignedIn) -> None:
    message = say(bob, open_direct(actor=alice, other=bob), "psst")
    page = signed_in(alice).get(f"/people/bob/{message.pk}/")
    assertContains(page, f'href="/people/bob/{message.pk}/"')
    assertContains(page, "message--target")


def test_the_number_of_queries_does_not_depend_on_history(
    alice: User, room: Room, say: Say, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    first = say(alice, room, "first")
    client.get("/rooms/board/")
    with django_assert_num_queries(10):
        client.get(f"/rooms/board/{first.pk}/")
    for number in range(150):
        say(alice, room, str(number))
    middle = Message.objects.order_by("seq")[75]
    with django_assert_num_queries(10):
        client.get(f"/rooms/board/{middle.pk}/")

"""The rooms of somebody as the sidebar and the script are told of them."""

from __future__ import annotations

import uuid

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chat.models import Membership, Message, Room, User, message_id
from chat.operations.people import create_user
from chat.operations.rooms import create_room, open_direct, update_room
from chat.web.places import UNREAD_COUNTED, places
from tests.web.conftest import Say


def test_it_counts_what_others_wrote_and_how_often_one_is_named(
    alice: User, bob: User, room: Room, open_room: Room, say: Say
) -> None:
    say(alice, room, "@bob one")
    say(bob, room, "mine")
    say(alice, room, "two")
    (board,) = places(bob.pk)
    assert (board.unread, board.mentions, board.seq, board.url) == (2, 1, 5, "/rooms/board/")
    counted = Membership.objects.filter(user=bob).with_unread().values_list("unread", "mentions")
    assert list(counted) == [(2, 1)]


def test_it_counts_no_further_than_a_page_shows(alice: User, bob: User, room: Room) -> None:
    head = room.stream.head
    Message.objects.bulk_create(
        Message(
            id=message_id(room.pk, seq),
            room=room,
            seq=seq,
            sender=alice,
            client_id=uuid.uuid4(),
            digest=b"",
            body="x",
            html="x",
            created_at=timezone.now(),
        )
        for seq in range(head + 1, head + UNREAD_COUNTED + 5)
    )
    assert [place.unread for place in places(bob.pk)] == [UNREAD_COUNTED]


def test_talks_bear_the_name_of_the_other_person(
    alice: User, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [create_user(actor=None, username=f"other{number}", password=None) for number in range(5)]
    for number, other in enumerate(others):
        open_direct(actor=alice, other=other)
        with django_assert_num_queries(2):
            found = places(alice.pk)
        assert [place.name for place in found] == ["Board", *(each.username for each in others[: number + 1])]
    open_direct(actor=alice, other=alice)
    peers = {place.peer.id: place.url for place in places(alice.pk) if place.peer}
    assert peers == {str(user.pk): f"/people/{user.username}/" for user in (alice, *others)}


def test_they_are_in_the_order_of_their_names(alice: User) -> None:
    for name in ("beta", "Alpha", "gamma"):
        create_room(actor=alice, name=name, kind="open")
    assert [place.name for place in places(alice.pk)] == ["Alpha", "beta", "gamma"]


def test_an_archived_room_is_there_while_one_looks_at_it(alice: User, room: Room) -> None:
    update_room(actor=alice, room_id=room.pk, archived=True)
    assert places(alice.pk) == []
    assert [place.archived for place in places(alice.pk, room.pk)] == [True]

"""What resuming asks for many people at once: each gets their own rooms, in the same few queries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from chat.models import Login, Room, User
from chat.operations import logins
from chat.operations.resuming import stands_of
from chat.operations.rooms import create_room, open_direct

pytestmark = pytest.mark.django_db

Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create_user(name, name=name.title()) for name in ("alice", "bob", "carol")]


def login_of(user: User) -> tuple[int, object]:
    return user.pk, logins.start_login(user=user, kind=Login.Kind.TOKEN).pk


def test_each_gets_their_own_rooms_in_three_queries(people: list[User], django_assert_num_queries: Queries) -> None:
    alice, bob, _ = people
    hall = create_room(actor=alice, name="Hall", kind=Room.Kind.PRIVATE, members=[bob.pk])
    attic = create_room(actor=bob, name="Attic", kind=Room.Kind.PRIVATE)
    keys = [login_of(user) for user in people]
    with django_assert_num_queries(3):
        found = stands_of(keys)
    assert [[place.id for place in stand.places] for stand in found if stand] == [
        [str(hall.pk)],
        [str(hall.pk), str(attic.pk)],
        [],
    ]
    assert [place.role for stand in found if stand for place in stand.places] == ["owner", "member", "owner"]


def test_a_direct_room_shows_each_the_other(people: list[User], django_assert_num_queries: Queries) -> None:
    alice, bob, _ = people
    open_direct(actor=alice, other=bob)
    keys = [login_of(alice), login_of(bob)]
    with django_assert_num_queries(4):
        found = stands_of(keys)
    assert [[place.peer and place.peer.name for place in stand.places] for stand in found if stand] == [
        ["Bob"],
        ["Alice"],
    ]


def test_whose_login_has_ended_gets_nothing_and_the_others_all(people: list[User]) -> None:
    alice, bob, carol = people
    create_room(actor=alice, name="Hall", kind=Room.Kind.PRIVATE, members=[bob.pk, carol.pk])
    keys = [login_of(user) for user in people]
    logins.end_login(login_id=keys[0][1])
    User.objects.filter(pk=carol.pk).update(is_active=False)
    gone, there, disabled = stands_of(keys)
    assert (gone, disabled) == (None, None)
    assert there is not None and len(there.places) == 1


def test_nobody_gets_rooms_by_the_login_of_another(people: list[User]) -> None:
    alice, bob, _ = people
    create_room(actor=alice, name="Hall", kind=Room.Kind.PRIVATE)
    assert stands_of([(alice.pk, login_of(bob)[1])]) == [None]

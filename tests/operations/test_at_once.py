"""What must hold when two do it at the same moment, each on a connection of their own, as on two nodes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chat.models import Invitation, Membership, Message, Room, User, Workspace
from chat.operations.membership import add_member, change_role, join_room, leave_room, mark_read
from chat.operations.messages import delete_message, edit_message
from chat.operations.people import create_user, disable_user, make_member, make_owner
from chat.operations.posting import Posted, post_message
from chat.operations.rooms import create_room, open_direct, update_room
from chat.operations.workspace import accept_invitation, create_invitation, set_up
from chat.protocol.errors import Conflict, Forbidden, NotFound, Refused
from tests.operations.conftest import Say
from tests.support.at_once import at_once
from tests.support.cast import PASSWORD
from tests.support.snapshot import agreeing, check_log

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
"""Two threads seldom meet at the first try."""


def kinds(outcomes: list[Any]) -> list[type]:
    """The types of the outcomes, refusals last."""
    return sorted(
        (type(outcome) for outcome in outcomes), key=lambda kind: (issubclass(kind, Exception), kind.__name__)
    )


def test_of_two_first_visitors_one_owns_the_place() -> None:
    outcomes = at_once(
        *(partial(set_up, workspace_name=name, username=name, password=PASSWORD) for name in ("ada", "bob", "carol"))
    )
    assert kinds(outcomes) == [User, Conflict, Conflict]
    assert User.objects.count() == Room.objects.count() == 1
    assert Workspace.current().name == User.objects.get().username
    check_log()


def test_the_last_use_of_an_invitation_is_used_once() -> None:
    ada = set_up(workspace_name="Acme", username="ada", password=PASSWORD)
    for round_ in range(ROUNDS):
        invitation, token = create_invitation(actor=ada, max_uses=1)
        names = [f"{name}-{round_}" for name in ("bob", "carol", "dave")]
        outcomes = at_once(
            *(partial(accept_invitation, token=token, username=name, password=PASSWORD) for name in names)
        )
        assert kinds(outcomes) == [User, NotFound, NotFound]
        assert Invitation.objects.get(pk=invitation.pk).uses == 1
        assert User.objects.filter(username__in=names).count() == 1


def test_a_name_is_given_once() -> None:
    for name, alike in (("olga", "Olga"), ("ivan", "\u0456van"), ("rn0l", "m0l")):
        outcomes = at_once(*(partial(create_user, actor=None, username=each, password=None) for each in (name, alike)))
        assert kinds(outcomes) == [User, Conflict]


def test_a_pair_has_one_direct_room(alice: User) -> None:
    for round_ in range(ROUNDS):
        other = User.objects.create_user(f"other{round_}")
        with agreeing():
            rooms = at_once(
                partial(open_direct, actor=alice, other=other),
                partial(open_direct, actor=other, other=alice),
                partial(open_direct, actor=alice, other=other),
            )
        assert len({room.pk for room in rooms}) == 1
        assert Membership.objects.filter(room=rooms[0]).count() == 2


def test_two_rooms_of_one_name_get_addresses_of_their_own(alice: User, bob: User) -> None:
    for round_ in range(ROUNDS):
        rooms = at_once(
            *(partial(create_room, actor=actor, name=f"Launch {round_}", kind="open") for actor in (alice, bob))
        )
        assert {room.slug for room in rooms} == {f"launch-{round_}", f"launch-{round_}-2"}
    check_log()


def test_who_joins_twice_at_once_is_in_once(mallory: User, open_room: Room) -> None:
    for _ in range(ROUNDS):
        with agreeing():
            seqs = at_once(*[partial(join_room, actor=mallory, room_id=open_room.pk)] * 3)
        assert len(set(seqs)) == 1
        leave_room(actor=mallory, room_id=open_room.pk)


def test_posts_at_once_get_the_numbers_one_after_the_other(alice: User, bob: User, room: Room) -> None:
    with agreeing() as events:
        posted = at_once(
            *(
                partial(post_message, sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=f"{sender} {number}")
                for number in range(5)
                for sender in (alice, bob)
            )
        )
    numbers = sorted(each.seq for each in posted)
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert [event["seq"] for event in events] == numbers


def test_one_client_id_at_once_is_one_message(alice: User, room: Room) -> None:
    for _ in range(ROUNDS):
        post = partial(post_message, sender=alice, room_id=room.pk, client_id=uuid.uuid4(), body="once")
        with agreeing() as events:
            outcomes = at_once(post, post, post)
        assert len({(posted.message_id, posted.seq) for posted in outcomes}) == 1
        assert sorted(posted.repeated for posted in outcomes) == [False, True, True]
        assert len(events) == 1


def test_one_client_id_at_once_in_two_rooms_is_one_message_and_a_conflict(
    alice: User, room: Room, open_room: Room
) -> None:
    for _ in range(ROUNDS):
        client_id = uuid.uuid4()
        outcomes = at_once(
            *(
                partial(post_message, sender=alice, room_id=place.pk, client_id=client_id, body="once")
                for place in (room, open_room)
            )
        )
        assert kinds(outcomes) == [Posted, Conflict]
        assert Message.objects.filter(client_id=client_id).count() == 1
    check_log()


def test_a_message_is_deleted_once_and_not_edited_afterwards(alice: User, room: Room, say: Say) -> None:
    for _ in range(ROUNDS):
        message = say(alice, room, "words")
        with agreeing() as events:
            outcomes = at_once(
                partial(delete_message, actor=alice, message_id=message.pk),
                partial(edit_message, actor=alice, message_id=message.pk, body="other words"),
                partial(delete_message, actor=alice, message_id=message.pk),
            )
        assert [event["type"] for event in events].count("message.deleted") == 1
        assert events[-1]["type"] == "message.deleted"
        assert all(isinstance(outcome, int | NotFound) for outcome in outcomes)
        assert Message.objects.get(pk=message.pk).body == ""


@pytest.mark.parametrize("take", [disable_user, make_member])
def test_two_owners_who_shut_each_other_out_leave_one(alice: User, bob: User, take: Callable[..., User]) -> None:
    for _ in range(ROUNDS):
        owners = [make_owner(actor=None, user_id=user.pk) for user in (alice, bob)]
        one, other = owners
        outcomes = at_once(
            partial(take, actor=one, user_id=other.pk),
            partial(take, actor=other, user_id=one.pk),
        )
        assert kinds(outcomes) == [User, Forbidden]
        assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
        User.objects.update(is_active=True)


def test_two_owners_of_a_room_who_step_down_leave_one(alice: User, bob: User, room: Room) -> None:
    for _ in range(ROUNDS):
        Membership.objects.live().filter(room=room).update(role="owner")
        outcomes = at_once(
            *(
                partial(change_role, actor=user, room_id=room.pk, user_id=user.pk, role="member")
                for user in (alice, bob)
            )
        )
        assert kinds(outcomes) == [int, Forbidden]
    check_log()


def test_who_is_put_in_and_out_by_many_is_in_a_state_that_the_events_tell(
    alice: User, bob: User, mallory: User, carol: User, open_room: Room
) -> None:
    """Locks that were taken in any order would end in a deadlock here."""
    with agreeing():
        outcomes = at_once(
            *(partial(add_member, actor=None, room_id=open_room.pk, user_id=user.pk) for user in (mallory, carol)),
            partial(open_direct, actor=mallory, other=carol),
            partial(open_direct, actor=carol, other=bob),
            partial(create_room, actor=bob, name="New", kind="private", members=[mallory.pk, carol.pk, alice.pk]),
            partial(leave_room, actor=bob, room_id=open_room.pk),
            partial(update_room, actor=alice, room_id=open_room.pk, topic="busy"),
            partial(mark_read, user=alice, room_id=open_room.pk, seq=1, unread=True),
        )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, Refused)]

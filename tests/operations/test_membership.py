"""join_room, add_member, leave_room, remove_member, change_role."""

from __future__ import annotations

import pytest

from chat.models import Membership, Room, User
from chat.operations.membership import add_member, change_role, join_room, leave_room, remove_member
from chat.operations.people import disable_user
from chat.operations.rooms import open_direct, update_room
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def role_of(user: User, room: Room) -> str | None:
    return Membership.objects.live().filter(room=room, user=user).values_list("role", flat=True).first()


# join ------------------------------------------------------------------------------------------


def test_who_joins_begins_at_the_end(alice: User, mallory: User, open_room: Room, say: Say) -> None:
    say(alice, open_room, "before")
    with agreeing() as events:
        seq = join_room(actor=mallory, room_id=open_room.pk)
    joined, added = events
    assert (joined["type"], joined["stream"], joined["seq"]) == ("member.joined", f"room:{open_room.pk}", seq)
    assert (added["type"], added["stream"]) == ("room.added", f"user:{mallory.pk}")
    assert added["data"]["room"]["seq"] == added["data"]["room"]["read_seq"] == seq
    with agreeing():
        say(alice, open_room, "hello @mallory")


def test_entering_twice_changes_nothing(mallory: User, open_room: Room) -> None:
    seq = join_room(actor=mallory, room_id=open_room.pk)
    with agreeing() as events:
        assert join_room(actor=mallory, room_id=open_room.pk) == seq
    assert events == []


def test_nobody_joins_what_they_may_not_see_or_what_is_archived(
    alice: User, mallory: User, room: Room, open_room: Room
) -> None:
    with refused(NotFound, "room"):
        join_room(actor=mallory, room_id=room.pk)
    with refused(NotFound, "room"):
        join_room(actor=mallory, room_id=999_999)
    update_room(actor=alice, room_id=open_room.pk, archived=True)
    with refused(Forbidden, "room"):
        join_room(actor=mallory, room_id=open_room.pk)


# add -------------------------------------------------------------------------------------------


def test_those_who_moderate_bring_people_into_a_private_room(
    alice: User, moderator: User, mallory: User, room: Room
) -> None:
    with agreeing() as events:
        seq = add_member(actor=moderator, room_id=room.pk, user_id=mallory.pk)
    assert [(event["type"], event["stream"]) for event in events] == [
        ("member.joined", f"room:{room.pk}"),
        ("room.added", f"user:{mallory.pk}"),
        ("notification.created", f"user:{mallory.pk}"),
    ]
    assert events[0]["seq"] == seq
    with agreeing() as events:
        assert add_member(actor=alice, room_id=room.pk, user_id=mallory.pk, role="moderator") == seq
    assert events == []


def test_any_member_brings_people_into_an_open_room(bob: User, mallory: User, open_room: Room) -> None:
    with agreeing():
        add_member(actor=bob, room_id=open_room.pk, user_id=mallory.pk)
    assert role_of(mallory, open_room) == "member"


def test_who_does_not_moderate_brings_nobody_in(
    bob: User, mallory: User, carol: User, room: Room, open_room: Room
) -> None:
    with refused(Forbidden):
        add_member(actor=bob, room_id=room.pk, user_id=mallory.pk)
    with refused(Forbidden):
        add_member(actor=bob, room_id=open_room.pk, user_id=mallory.pk, role="moderator")
    with refused(NotFound, "room"):
        add_member(actor=mallory, room_id=room.pk, user_id=carol.pk)
    with refused(Forbidden):
        add_member(actor=mallory, room_id=open_room.pk, user_id=carol.pk)


def test_a_moderator_makes_no_owners(alice: User, moderator: User, mallory: User, room: Room) -> None:
    with refused(Forbidden):
        add_member(actor=moderator, room_id=room.pk, user_id=mallory.pk, role="owner")
    with agreeing():
        add_member(actor=alice, room_id=room.pk, user_id=mallory.pk, role="owner")


def test_who_and_what_there_is_not_is_refused(alice: User, bob: User, mallory: User, room: Room) -> None:
    with refused(BadRequest, "user"):
        add_member(actor=alice, room_id=room.pk, user_id=999_999)
    with refused(BadRequest, "role"):
        add_member(actor=alice, room_id=room.pk, user_id=mallory.pk, role="emperor")
    disable_user(actor=None, user_id=mallory.pk)
    with refused(BadRequest, "user"):
        add_member(actor=alice, room_id=room.pk, user_id=mallory.pk)


def test_nobody_enters_a_direct_or_an_archived_room(alice: User, bob: User, mallory: User, room: Room) -> None:
    direct = open_direct(actor=alice, other=bob)
    with refused(Forbidden):
        add_member(actor=alice, room_id=direct.pk, user_id=mallory.pk)
    update_room(actor=alice, room_id=room.pk, archived=True)
    for actor in (alice, None):
        with refused(Forbidden, "room"):
            add_member(actor=actor, room_id=room.pk, user_id=mallory.pk)


# leave, remove ---------------------------------------------------------------------------------


def test_who_leaves_is_gone_for_both_sides(bob: User, room: Room) -> None:
    with agreeing() as events:
        seq = leave_room(actor=bob, room_id=room.pk)
    assert [(event["type"], event["stream"]) for event in events] == [
        ("member.left", f"room:{room.pk}"),
        ("room.removed", f"user:{bob.pk}"),
        ("notification.read", f"user:{bob.pk}"),
    ]
    assert Membership.objects.get(room=room, user=bob).left_seq == seq


def test_who_comes_back_begins_a_new_stay(alice: User, bob: User, room: Room, say: Say) -> None:
    say(alice, room, "@bob one")
    leave_room(actor=bob, room_id=room.pk)
    say(alice, room, "@bob two")
    with agreeing() as events:
        add_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    place = events[1]["data"]["room"]
    assert (place["unread"], place["mentions"]) == (0, 0)
    assert Membership.objects.filter(room=room, user=bob).count() == 2


def test_the_last_owners_place_goes_to_whoever_has_been_in_longest(
    alice: User, bob: User, moderator: User, room: Room
) -> None:
    with agreeing() as events:
        leave_room(actor=alice, room_id=room.pk)
    assert [event["type"] for event in events if event["stream"] == f"room:{room.pk}"] == [
        "member.left",
        "member.updated",
    ]
    assert role_of(moderator, room) == "owner", "a moderator before a member"
    with agreeing():
        leave_room(actor=moderator, room_id=room.pk)
    assert role_of(bob, room) == "owner"
    with agreeing():
        leave_room(actor=bob, room_id=room.pk)
    assert not Membership.objects.live().filter(room=room).exists()


def test_one_can_leave_an_archived_room(alice: User, bob: User, room: Room) -> None:
    update_room(actor=alice, room_id=room.pk, archived=True)
    with agreeing():
        leave_room(actor=bob, room_id=room.pk)


def test_nobody_leaves_where_they_are_not_or_a_direct_room(
    alice: User, bob: User, mallory: User, room: Room, open_room: Room
) -> None:
    with refused(NotFound, "room"):
        leave_room(actor=mallory, room_id=room.pk)
    with refused(Forbidden, "room"):
        leave_room(actor=mallory, room_id=open_room.pk)
    direct = open_direct(actor=alice, other=bob)
    with refused(Forbidden):
        leave_room(actor=alice, room_id=direct.pk)


def test_owners_put_anybody_out_moderators_only_members(
    alice: User, bob: User, moderator: User, mallory: User, room: Room
) -> None:
    with refused(Forbidden):
        remove_member(actor=bob, room_id=room.pk, user_id=moderator.pk)
    with refused(Forbidden):
        remove_member(actor=moderator, room_id=room.pk, user_id=alice.pk)
    with refused(NotFound, "room"):
        remove_member(actor=mallory, room_id=room.pk, user_id=bob.pk)
    with agreeing() as events:
        remove_member(actor=moderator, room_id=room.pk, user_id=bob.pk)
    assert events[1]["type"] == "room.removed"
    with agreeing():
        remove_member(actor=alice, room_id=room.pk, user_id=moderator.pk)
    with refused(NotFound, "user"):
        remove_member(actor=alice, room_id=room.pk, user_id=moderator.pk)


def test_the_operator_puts_the_last_owner_out(alice: User, bob: User, room: Room) -> None:
    with agreeing():
        remove_member(actor=None, room_id=room.pk, user_id=alice.pk)
    assert role_of(bob, room) == "owner"


# roles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "moderator"])
def test_owners_give_roles_and_all_hear(alice: User, bob: User, room: Room, role: str) -> None:
    with agreeing() as events:
        seq = change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role=role)
    (event,) = events
    assert (event["type"], event["seq"], event["data"]["role"]) == ("member.updated", seq, role)
    with agreeing() as events:
        assert change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role=role) == seq
    assert events == []


def test_nobody_else_gives_roles(bob: User, moderator: User, mallory: User, room: Room, open_room: Room) -> None:
    for actor in (bob, moderator):
        with refused(Forbidden):
            change_role(actor=actor, room_id=room.pk, user_id=actor.pk, role="owner")
    with refused(NotFound, "room"):
        change_role(actor=mallory, room_id=room.pk, user_id=bob.pk, role="owner")
    with refused(Forbidden, "room"):
        change_role(actor=mallory, room_id=open_room.pk, user_id=bob.pk, role="owner")


def test_a_room_keeps_an_owner(alice: User, bob: User, room: Room) -> None:
    for actor in (alice, None):
        with refused(Forbidden, "role"):
            change_role(actor=actor, room_id=room.pk, user_id=alice.pk, role="member")
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="owner")
    with agreeing():
        change_role(actor=bob, room_id=room.pk, user_id=alice.pk, role="member")


def test_only_members_have_roles_and_only_those_there_are(alice: User, bob: User, mallory: User, room: Room) -> None:
    with refused(NotFound, "user"):
        change_role(actor=alice, room_id=room.pk, user_id=mallory.pk, role="moderator")
    with refused(BadRequest, "role"):
        change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="emperor")
    direct = open_direct(actor=alice, other=bob)
    with refused(Forbidden):
        change_role(actor=None, room_id=direct.pk, user_id=bob.pk, role="owner")

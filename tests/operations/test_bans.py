"""Who is banned is not let in, by whatever door, and what kept somebody from writing outlives their stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import AuditEntry, Event, Membership, Room, RoomBan, User
from chat.operations.bans import ban_member, lift_ban
from chat.operations.membership import add_member, join_room, leave_room
from chat.operations.moderation import mute_member
from chat.operations.rooms import create_room, open_direct
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from tests.support.refusals import refused


@pytest.fixture
def hall(alice: User, bob: User) -> Room:
    """Open: anybody may join."""
    hall = create_room(actor=alice, name="Hall", kind=Room.Kind.OPEN)
    join_room(actor=bob, room_id=hall.pk)
    return hall


@pytest.fixture
def carol(db: None, alice: User, hall: Room) -> User:
    """She moderates the hall."""
    carol = User.objects.create_user("carol", "a long enough word", name="Carol")
    add_member(actor=alice, room_id=hall.pk, user_id=carol.pk, role=Membership.Role.MODERATOR)
    return carol


def inside(room: Room, user: User) -> bool:
    return Membership.objects.live().filter(room=room, user=user).exists()


def test_who_is_banned_is_out_and_comes_in_by_no_door(alice: User, bob: User, hall: Room) -> None:
    ban_member(actor=alice, room_id=hall.pk, user_id=bob.pk, reason="Sells watches.")
    assert not inside(hall, bob)
    with refused(Forbidden, "user"):
        join_room(actor=bob, room_id=hall.pk)
    with refused(Forbidden, "user"):
        add_member(actor=alice, room_id=hall.pk, user_id=bob.pk)
    with refused(Forbidden, "user"):
        add_member(actor=None, room_id=hall.pk, user_id=bob.pk)
    assert not inside(hall, bob)
    types = list(Event.objects.filter(stream=hall.pk).values_list("type", flat=True))
    assert types[-1] == "member.left"
    assert Event.objects.filter(stream=bob.pk, type="room.removed").exists()


def test_a_lifted_ban_lets_them_in_again(alice: User, bob: User, hall: Room) -> None:
    ban_member(actor=alice, room_id=hall.pk, user_id=bob.pk)
    lift_ban(actor=alice, room_id=hall.pk, user_id=bob.pk)
    join_room(actor=bob, room_id=hall.pk)
    assert inside(hall, bob)
    with refused(NotFound, "user"):
        lift_ban(actor=alice, room_id=hall.pk, user_id=bob.pk)
    acts = AuditEntry.objects.filter(room=hall, user=bob).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["member.banned", "member.unbanned"]


def test_somebody_who_is_not_in_can_be_banned_and_again_changes_the_reason(
    alice: User, mallory: User, hall: Room
) -> None:
    ban_member(actor=alice, room_id=hall.pk, user_id=mallory.pk)
    first = RoomBan.objects.get()
    ban_member(actor=alice, room_id=hall.pk, user_id=mallory.pk, reason="Again and again.")
    again = RoomBan.objects.get()
    assert (again.at, again.reason) == (first.at, "Again and again.")
    assert AuditEntry.objects.filter(room=hall, act="member.banned").count() == 1


def test_only_who_moderates_bans_and_nobody_above_them(
    alice: User, bob: User, carol: User, mallory: User, hall: Room
) -> None:
    with refused(Forbidden):
        ban_member(actor=bob, room_id=hall.pk, user_id=mallory.pk)
    with refused(Forbidden):
        ban_member(actor=mallory, room_id=hall.pk, user_id=bob.pk)
    for other in (alice, carol):
        with refused(Forbidden, "user"):
            ban_member(actor=carol, room_id=hall.pk, user_id=other.pk)
    ban_member(actor=carol, room_id=hall.pk, user_id=bob.pk)
    with refused(Forbidden):
        lift_ban(actor=mallory, room_id=hall.pk, user_id=bob.pk)
    assert RoomBan.objects.get().user == bob


def test_what_cannot_be(alice: User, bob: User, mallory: User, room: Room) -> None:
    with refused(NotFound, "room"):
        ban_member(actor=mallory, room_id=room.pk, user_id=bob.pk)
    with refused(NotFound, "user"):
        ban_member(actor=alice, room_id=room.pk, user_id=10**15)
    with refused(BadRequest, "reason"):
        ban_member(actor=alice, room_id=room.pk, user_id=bob.pk, reason="x" * 501)
    talk = open_direct(actor=alice, other=bob)
    with refused(Forbidden):
        ban_member(actor=alice, room_id=talk.pk, user_id=bob.pk)


def test_leaving_and_coming_back_lifts_neither_muting_nor_slow_mode(alice: User, bob: User, hall: Room) -> None:
    mute_member(actor=alice, room_id=hall.pk, user_id=bob.pk, seconds=600)
    Membership.objects.live().filter(user=bob, room=hall).update(posted_at=timezone.now())
    before = Membership.objects.live().get(user=bob, room=hall)
    leave_room(actor=bob, room_id=hall.pk)
    join_room(actor=bob, room_id=hall.pk)
    after = Membership.objects.live().get(user=bob, room=hall)
    assert (after.muted_until, after.posted_at) == (before.muted_until, before.posted_at)
    joined = Event.objects.filter(stream=hall.pk, type="member.joined").latest("seq")
    assert '"muted_until":null' not in joined.payload


def test_a_mute_that_is_over_is_forgotten(alice: User, bob: User, hall: Room) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Membership.objects.live().filter(user=bob, room=hall).update(muted_until=past)
    leave_room(actor=bob, room_id=hall.pk)
    join_room(actor=bob, room_id=hall.pk)
    assert Membership.objects.live().get(user=bob, room=hall).muted_until is None

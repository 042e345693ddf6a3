"""mark_read: how far somebody has come, on all their devices."""

from __future__ import annotations

import pytest

from chat.models import Membership, Room, User
from chat.operations.membership import Reading, commit_readings, mark_read
from chat.protocol.errors import BadRequest, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


@pytest.fixture
def said(alice: User, room: Room, say: Say) -> list[int]:
    """The numbers of four messages of Alice, of which the second and the fourth name Bob."""
    return [say(alice, room, words).seq for words in ("one", "two @bob", "three", "four @bob")]


def position(user: User, room: Room) -> int:
    return Membership.objects.live().get(user=user, room=room).read_seq


def test_reading_moves_forward_and_is_told_to_oneself_alone(bob: User, room: Room, said: list[int]) -> None:
    with agreeing() as events:
        mark_read(user=bob, room_id=room.pk, seq=said[1])
    event, notifications = events
    assert (event["stream"], event["type"]) == (f"user:{bob.pk}", "read.moved")
    assert (notifications["stream"], notifications["type"]) == (f"user:{bob.pk}", "notification.read")
    told = {name: event["data"][name] for name in ("room", "read_seq", "unread", "mentions")}
    assert told == {"room": str(room.pk), "read_seq": said[1], "unread": 2, "mentions": 1}


def test_it_moves_back_only_on_purpose(bob: User, room: Room, said: list[int]) -> None:
    mark_read(user=bob, room_id=room.pk, seq=said[3])
    with agreeing() as events:
        mark_read(user=bob, room_id=room.pk, seq=said[0])
        mark_read(user=bob, room_id=room.pk, seq=said[3], unread=True)
    assert events == []
    with agreeing() as events:
        mark_read(user=bob, room_id=room.pk, seq=said[0], unread=True)
    assert events[0]["data"]["unread"] == 3


def test_nobody_reads_what_is_not_written_yet(bob: User, room: Room, said: list[int]) -> None:
    with agreeing():
        mark_read(user=bob, room_id=room.pk, seq=2**62)
    assert position(bob, room) == said[3]


def test_ones_own_words_are_never_unread(alice: User, bob: User, room: Room, said: list[int]) -> None:
    with agreeing() as events:
        mark_read(user=alice, room_id=room.pk, seq=0, unread=True)
    assert events[0]["data"]["unread"] == 0


def test_an_outsider_reads_nothing(bob: User, mallory: User, room: Room, open_room: Room, said: list[int]) -> None:
    for place in (room.pk, open_room.pk, 999_999):
        with refused(NotFound, "room"):
            mark_read(user=mallory, room_id=place, seq=1)
    with refused(BadRequest, "seq"):
        mark_read(user=bob, room_id=room.pk, seq=-1)


def test_many_readings_are_one_transaction_with_an_outcome_each(
    alice: User, bob: User, mallory: User, room: Room, said: list[int]
) -> None:
    readings = [
        Reading(bob.pk, room.pk, said[0]),
        Reading(mallory.pk, room.pk, said[0]),
        Reading(bob.pk, room.pk, said[2]),
        Reading(alice.pk, room.pk, said[3]),
    ]
    with agreeing() as events:
        outcomes = commit_readings(readings)
    assert [type(outcome) for outcome in outcomes] == [type(None), NotFound, type(None), type(None)]
    moved = [event["stream"] for event in events if event["type"] == "read.moved"]
    assert sorted(moved) == sorted([f"user:{alice.pk}", f"user:{bob.pk}"])
    assert position(bob, room) == said[2]

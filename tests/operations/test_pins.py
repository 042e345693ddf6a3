"""Pins, bookmarks, and the way to a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chat.models import Bookmark, Message, Room, User
from chat.operations import pins
from chat.operations.days import first_since
from chat.operations.membership import remove_member
from chat.operations.messages import delete_message
from chat.operations.pins import bookmark_message, pin_message
from chat.operations.rooms import update_room
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def test_a_message_is_pinned_for_all_and_taken_off(alice: User, bob: User, room: Room, say: Say) -> None:
    one, two = say(alice, room, "one"), say(alice, room, "two")
    with agreeing() as events:
        pin_message(actor=bob, message_id=two.pk, on=True)
        pin_message(actor=bob, message_id=two.pk, on=True)
        pin_message(actor=alice, message_id=one.pk, on=True)
    assert [(event["type"], event["data"]["pinned"]["by"]) for event in events] == [
        ("message.pinned", str(bob.pk)),
        ("message.pinned", str(alice.pk)),
    ]
    assert [*Message.objects.pinned_in(room.pk)] == [one, two]
    with agreeing() as events:
        pin_message(actor=alice, message_id=two.pk, on=False)
        pin_message(actor=alice, message_id=two.pk, on=False)
    assert [event["type"] for event in events] == ["message.unpinned"]
    with agreeing():
        delete_message(actor=alice, message_id=one.pk)
    assert not Message.objects.pinned_in(room.pk).exists()


def test_who_may_pin(
    alice: User, bob: User, mallory: User, room: Room, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = say(alice, room, "one"), say(alice, room, "two")
    with refused(NotFound, "message"):
        pin_message(actor=mallory, message_id=one.pk, on=True)
    monkeypatch.setattr(pins, "PINS", 1)
    pin_message(actor=bob, message_id=one.pk, on=True)
    with refused(BadRequest, "message"):
        pin_message(actor=bob, message_id=two.pk, on=True)
    update_room(actor=alice, room_id=room.pk, posting="moderators")
    with refused(Forbidden, "room"):
        pin_message(actor=bob, message_id=one.pk, on=False)
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden, "room"):
        pin_message(actor=alice, message_id=one.pk, on=False)


def test_a_bookmark_is_ones_own(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    message = say(alice, room, "one")
    with agreeing() as events:
        bookmark_message(actor=bob, message_id=message.pk, on=True)
        bookmark_message(actor=bob, message_id=message.pk, on=True)
    assert [(event["stream"], event["data"]["on"]) for event in events] == [(f"user:{bob.pk}", True)]
    assert (Bookmark.objects.of(bob).count(), Bookmark.objects.of(alice).count()) == (1, 0)
    with refused(NotFound, "message"):
        bookmark_message(actor=mallory, message_id=message.pk, on=True)
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    assert not Bookmark.objects.of(bob).exists()


def test_a_bookmark_goes_with_its_message(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "one")
    bookmark_message(actor=bob, message_id=message.pk, on=True)
    bookmark_message(actor=bob, message_id=message.pk, on=False)
    bookmark_message(actor=bob, message_id=message.pk, on=True)
    delete_message(actor=alice, message_id=message.pk)
    assert not Bookmark.objects.of(bob).exists()


def test_the_first_message_of_a_day_is_found(alice: User, room: Room, say: Say) -> None:
    day = datetime(2026, 3, 9, 12, tzinfo=UTC)
    said = [say(alice, room, f"number {number}") for number in range(8)]
    say(alice, room, "in a thread", thread=said[2])
    for number, message in enumerate(said):
        Message.objects.filter(pk=message.pk).update(created_at=day + timedelta(days=number))
    Message.objects.filter(thread=said[2]).update(created_at=day + timedelta(days=8))
    for number, message in enumerate(said):
        assert first_since(room.pk, day + timedelta(days=number)) == message.pk
        assert first_since(room.pk, day + timedelta(days=number, hours=-3)) == message.pk
    assert first_since(room.pk, day - timedelta(days=400)) == said[0].pk
    assert first_since(room.pk, day + timedelta(days=7, seconds=1)) is None


def test_an_empty_room_has_no_days(room: Room) -> None:
    assert first_since(room.pk, datetime(2026, 3, 9, tzinfo=UTC)) is None

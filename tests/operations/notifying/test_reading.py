"""read_notifications, and what somebody chooses."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from chat.models import Notification, NotifySettings, Room, User
from chat.operations.notifying.choices import LONGEST_PAUSE, choose, choose_level, settings_of
from chat.operations.notifying.reading import read_notifications
from chat.operations.notifying.wire import unread_of
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


@pytest.fixture
def told(alice: User, bob: User, room: Room, say: Say) -> list[int]:
    """The ids of three notifications of Bob."""
    Notification.objects.all().delete()
    for words in ("one", "two", "three"):
        say(alice, room, f"@bob {words}")
    return list(Notification.objects.order_by("pk").values_list("pk", flat=True))


def unread(user: User) -> list[int]:
    return list(Notification.objects.filter(user=user).unread().order_by("pk").values_list("pk", flat=True))


def test_some_are_read_and_all_devices_hear(bob: User, told: list[int]) -> None:
    with agreeing() as events:
        assert read_notifications(actor=bob, ids=told[:1]) == 1
        assert read_notifications(actor=bob, ids=told[:1]) == 0
        assert read_notifications(actor=bob, up_to=told[1]) == 1
    assert [event["data"]["notifications"] for event in events] == [[str(told[0])], [str(told[1])]]
    assert unread(bob) == told[2:]
    assert unread_of([bob.pk])[bob.pk].unread == 1


def test_all_are_read_in_one_event(bob: User, told: list[int]) -> None:
    with agreeing() as events:
        assert read_notifications(actor=bob) == 3
        assert read_notifications(actor=bob) == 0
    assert [event["data"] for event in events] == [{"notifications": None}]


def test_those_of_a_room_are_read(bob: User, room: Room, open_room: Room, told: list[int]) -> None:
    assert read_notifications(actor=bob, room_id=open_room.pk) == 0
    assert read_notifications(actor=bob, room_id=room.pk) == 3


def test_nobody_reads_what_is_anothers(mallory: User, told: list[int]) -> None:
    with refused(NotFound, "notifications"):
        read_notifications(actor=mallory, ids=told)
    assert read_notifications(actor=mallory) == 0


def test_what_is_chosen_is_checked(bob: User, mallory: User, room: Room) -> None:
    for wrong in ("some", ""):
        with refused(BadRequest, "level"):
            choose(actor=bob, level=wrong)
        with refused(BadRequest, "level"):
            choose_level(actor=bob, room_id=room.pk, level=wrong)
    for words in ([f"word{n}" for n in range(21)], ["x" * 41], ["!?"], ["nul\x00"]):
        with refused(BadRequest, "keywords"):
            choose(actor=bob, keywords=words)
    with refused(BadRequest, "paused_until"):
        choose(actor=bob, paused_until=timezone.now() + LONGEST_PAUSE + timedelta(minutes=1))
    with refused(NotFound, "room"):
        choose_level(actor=mallory, room_id=room.pk, level="all")
    assert not NotifySettings.objects.exists()


def test_in_an_open_room_one_is_not_in_there_is_nothing_to_choose(mallory: User, open_room: Room) -> None:
    with refused(Forbidden, "room"):
        choose_level(actor=mallory, room_id=open_room.pk, level="all")


def test_what_is_chosen_is_kept(bob: User) -> None:
    assert settings_of(bob).level == "mentions"
    until = timezone.now() + timedelta(hours=1)
    choose(actor=bob, level="all", keywords=["  night   run ", "cake", "cake", ""], paused_until=until)
    choose(actor=bob, quiet=(time(22), time(7)))
    found = settings_of(bob)
    assert (found.level, found.keywords, found.paused_until) == ("all", ["night run", "cake"], until)
    assert (found.quiet_from, found.quiet_to) == (time(22), time(7))
    choose(actor=bob, paused_until=None, quiet=None)
    assert (settings_of(bob).paused_until, settings_of(bob).quiet_to) == (None, None)

"""Pins of an export."""

from typing import Any

import pytest

from chat.models import Message, User
from tests.support.slack import general, said, ts
from tests.support.snapshot import agreeing

pytestmark = pytest.mark.django_db


def pin(second: float, user: str, at: int) -> dict[str, Any]:
    return {"id": ts(second), "type": "C", "created": 1_600_000_000 + at, "user": user, "owner": user}


def test_what_was_pinned_is_pinned_by_whom_and_when(bring: Any) -> None:
    entries = [said(1, "U1", "one"), said(2, "U2", "two"), said(3, "U2", "three")]
    pins = [pin(2, "U1", 20), pin(1, "U2", 10), pin(9, "U1", 30), {"id": ts(3)}, "x", pin(3, "U9", 5)]
    with agreeing() as told:
        bring(general(*entries, pins=pins))
    pinned = [event["data"] for event in told if event["type"] == "message.pinned"]
    ada, bob = (str(User.objects.get(username=name).pk) for name in ("ada", "bob"))
    assert [(data["user"], data["pinned"]["at"]) for data in pinned] == [
        (bob, "2020-09-13T12:26:50.000Z"),
        (ada, "2020-09-13T12:27:00.000Z"),
    ]
    room = Message.objects.get(body="one").room_id
    assert [message.body for message in Message.objects.pinned_in(room)] == ["two", "one"]
    with agreeing() as again:
        bring(general(*entries, pins=pins))
    assert again == []


@pytest.mark.parametrize("pins", ["x", {"id": 1}, [None, {"id": "x", "user": "U1"}, {"id": ts(1), "user": 7}]])
def test_pins_that_are_none_harm_nothing(bring: Any, pins: Any) -> None:
    bring(general(said(1, "U1", "one"), pins=pins))
    assert Message.objects.get().pinned is None


def test_everybody_is_not_called_by_what_was_said_long_ago(bring: Any) -> None:
    bring(general(said(1, "U1", "@room lunch")))
    assert Message.objects.get().html == "<p>@room lunch</p>"

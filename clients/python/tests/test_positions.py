"""Each event once and in order, over sockets that come and go."""

from __future__ import annotations

from typing import Any

import pytest

from parley_client import Cursors, Event, Reset
from parley_client.positions import Gap, Positions, Step


def event(stream: str, seq: int, type: str = "message.posted", **data: Any) -> dict[str, Any]:
    return {"op": "event", "stream": stream, "seq": seq, "type": type, "at": "2026-11-22T17:00:00Z", "data": data}


def ready(epoch: str = "e", **streams: int) -> dict[str, Any]:
    return {"op": "ready", "epoch": epoch, "streams": {name.replace("_", ":"): seq for name, seq in streams.items()}}


def told(positions: Positions, *frames: dict[str, Any]) -> list[tuple[str, str, int]]:
    """What the application is given."""
    items = [step.item for frame in frames for step in positions.take(frame)]
    return [(item.type, item.stream, item.seq) for item in items if item is not None]


@pytest.fixture
def positions() -> Positions:
    """At number 5 of room 1 and 2 of user 3, live."""
    made = Positions()
    assert made.resume() == {}
    assert told(made, ready(room_1=5, user_3=2)) == []
    return made


def test_it_resumes_from_what_it_heard(positions: Positions) -> None:
    assert told(positions, event("room:1", 6), event("room:1", 7)) == [
        ("message.posted", "room:1", 6),
        ("message.posted", "room:1", 7),
    ]
    assert positions.resume() == {"epoch": "e", "cursors": {"room:1": 7, "user:3": 2}}


def test_what_it_has_heard_it_does_not_tell_again(positions: Positions) -> None:
    assert told(positions, event("room:1", 5), event("room:1", 6), event("room:1", 6)) == [
        ("message.posted", "room:1", 6)
    ]


def test_a_gap_asks_for_another_resume(positions: Positions) -> None:
    with pytest.raises(Gap):
        told(positions, event("room:1", 7))
    assert positions.resume()["cursors"]["room:1"] == 5


def test_a_reset_is_told_and_goes_on_from_its_number(positions: Positions) -> None:
    positions.resume()
    frames = {"op": "reset", "stream": "room:1", "seq": 3}, event("room:1", 4), ready("f", room_1=4, user_3=2)
    assert told(positions, *frames) == [("reset", "room:1", 3), ("message.posted", "room:1", 4)]
    assert positions.resume() == {"epoch": "f", "cursors": {"room:1": 4, "user:3": 2}}


def test_a_replay_that_stops_short_is_a_reset(positions: Positions) -> None:
    positions.resume()
    assert told(positions, event("room:1", 6), ready(room_1=9, user_3=2)) == [
        ("message.posted", "room:1", 6),
        ("reset", "room:1", 9),
    ]


def test_a_room_begins_where_it_was_added(positions: Positions) -> None:
    assert told(positions, event("user:3", 3, "room.added", room={"id": "8", "seq": 40}), event("room:8", 41)) == [
        ("room.added", "user:3", 3),
        ("message.posted", "room:8", 41),
    ]
    with pytest.raises(Gap):
        told(positions, event("room:8", 43))


def test_a_room_that_is_lost_has_no_cursor(positions: Positions) -> None:
    told(positions, event("user:3", 3, "room.removed", room="1"))
    assert positions.resume()["cursors"] == {"user:3": 3}


def test_a_room_added_while_away_is_resumed_from_there(positions: Positions) -> None:
    positions.resume()
    added = event("user:3", 3, "room.added", room={"id": "8", "seq": 40})
    with pytest.raises(Gap):
        told(positions, added, ready(room_1=5, room_8=44, user_3=3))
    assert positions.resume()["cursors"]["room:8"] == 40


def test_a_room_left_and_joined_again_while_away_is_told_without_a_break(positions: Positions) -> None:
    positions.resume()
    frames = (
        event("user:3", 3, "room.removed", room="1"),
        event("user:3", 4, "room.added", room={"id": "1", "seq": 7}),
        *(event("room:1", seq) for seq in (6, 7, 8)),
        ready(room_1=8, user_3=4),
    )
    assert [seq for _, stream, seq in told(positions, *frames) if stream == "room:1"] == [6, 7, 8]


def test_a_room_lost_while_away_is_gone(positions: Positions) -> None:
    positions.resume()
    told(positions, event("user:3", 3, "room.removed", room="1"), ready(user_3=3))
    assert positions.resume()["cursors"] == {"user:3": 3}


def test_the_steps_lead_to_the_same_place(positions: Positions) -> None:
    handled = positions.cursors.copy()
    frames = event("room:1", 6), event("user:3", 3, "room.added", room={"id": "8", "seq": 40}), event("room:8", 41)
    for frame in frames:
        for step in positions.take(frame):
            handled.apply(step)
    assert handled == positions.cursors == Cursors("e", {"room:1": 6, "user:3": 3, "room:8": 41})


def test_items_say_what_they_are_about() -> None:
    assert Event.of(event("user:3", 1)).room is None
    assert Reset("room:1", 3).room == "1"
    assert Event.of(event("room:1", 1, deleted_at="2026-11-22T17:00:00Z")).message is None
    assert Step().item is None

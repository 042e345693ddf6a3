"""PUT rooms/{id}/read/: how far one has read."""

import pytest

from tests.support.rest import problem


@pytest.fixture
def path(alice, room, say):
    """After three messages, with the numbers 3 to 5, that Bob has not read."""
    for number in range(3):
        say(alice, room, f"Line {number}")
    return f"rooms/{room.pk}/read/"


def position(rest, room):
    seen = rest.get(f"rooms/{room.pk}/").json()
    return seen["read_seq"], seen["unread"]


def test_the_position_moves_forward(as_bob, room, path):
    assert position(as_bob, room) == (2, 3)
    response = as_bob.put(path, {"seq": 4})
    assert (response.status_code, response.content) == (204, b"")
    assert position(as_bob, room) == (4, 1)


def test_it_moves_back_only_on_purpose(as_bob, room, path):
    as_bob.put(path, {"seq": 5})
    as_bob.put(path, {"seq": 3})
    assert position(as_bob, room) == (5, 0)
    as_bob.put(path, {"seq": 3, "unread": True})
    assert position(as_bob, room) == (3, 2)


def test_it_stops_at_the_last_event(as_bob, room, path):
    assert as_bob.put(path, {"seq": 2**63 - 1}).status_code == 204
    assert position(as_bob, room) == (5, 0)


def test_an_outsider_has_no_position(as_bob, as_mallory, path, open_room):
    assert as_bob.put(path, {"seq": 3}).status_code == 204
    problem(as_mallory.put(path, {"seq": 3}), 404, "not_found")
    problem(as_mallory.put(f"rooms/{open_room.pk}/read/", {"seq": 1}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "seq"),
        ({"seq": "3"}, "seq"),
        ({"seq": -1}, "seq"),
        ({"seq": 1.5}, "seq"),
        ({"seq": True}, "seq"),
        ({"seq": 10**30}, "seq"),
        ({"seq": 3, "unread": "yes"}, "unread"),
        ({"seq": 3, "user": "1"}, "user"),
    ],
)
def test_bad_input_names_the_field(as_bob, path, body, field):
    problem(as_bob.put(path, body), 400, "bad_request", field)


def test_thousands_of_digits_are_too_many(as_bob, path):
    problem(as_bob.put(path, b'{"seq": ' + b"9" * 6000 + b"}"), 400, "bad_request", "seq")

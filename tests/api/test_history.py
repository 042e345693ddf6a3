"""GET rooms/{id}/messages/: what was said, in pages."""

import threading

import pytest
from django.db import connection

from chat.models import Room
from chat.operations.membership import join_room
from chat.operations.messages import delete_message
from tests.support.rest import Rest, problem, tokens_of


@pytest.fixture
def talk(alice, room, say):
    """Ten messages, with the numbers 3 to 12: before them Alice and Bob came in."""
    return [say(alice, room, f"Line {number}") for number in range(10)]


def page(rest, room, **query):
    """The numbers on a page, and whether there are more before and after them."""
    response = rest.get(f"rooms/{room.pk}/messages/", **query)
    assert response.status_code == 200, response.content
    answer = response.json()
    assert set(answer) == {"results", "as_of", "has_before", "has_after"}
    return [message["seq"] for message in answer["results"]], answer["has_before"], answer["has_after"]


def test_the_newest_come_last(as_bob, room, talk):
    answer = as_bob.get(f"rooms/{room.pk}/messages/").json()
    assert [message["body"] for message in answer["results"]] == [f"Line {number}" for number in range(10)]
    assert (answer["as_of"], answer["has_before"], answer["has_after"]) == (12, False, False)
    assert answer["results"][3] == as_bob.get(f"messages/{talk[3].message_id}/").json()


def test_an_empty_room_says_as_of_when(as_bob, room):
    answer = as_bob.get(f"rooms/{room.pk}/messages/").json()
    assert answer == {"results": [], "as_of": 2, "has_before": False, "has_after": False}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"limit": 3}, ([10, 11, 12], True, False)),
        ({"limit": 10}, ([3, 4, 5, 6, 7, 8, 9, 10, 11, 12], False, False)),
        ({"before": 10, "limit": 3}, ([7, 8, 9], True, True)),
        ({"before": 5, "limit": 3}, ([3, 4], False, True)),
        ({"before": 6, "limit": 3}, ([3, 4, 5], False, True)),
        ({"before": 0}, ([], False, True)),
        ({"before": 13}, ([3, 4, 5, 6, 7, 8, 9, 10, 11, 12], False, False)),
        ({"after": 9, "limit": 2}, ([10, 11], True, True)),
        ({"after": 9, "limit": 3}, ([10, 11, 12], True, False)),
        ({"after": 0, "limit": 2}, ([3, 4], False, True)),
        ({"after": 12}, ([], True, False)),
        ({"after": 2**63 - 2}, ([], True, False)),
        ({"around": 7, "limit": 4}, ([5, 6, 7, 8], True, True)),
        ({"around": 7, "limit": 1}, ([7], True, True)),
        ({"around": 3, "limit": 4}, ([3, 4], False, True)),
        ({"around": 12, "limit": 4}, ([10, 11, 12], True, False)),
        ({"around": 1, "limit": 4}, ([3, 4], False, True)),
    ],
)
def test_pages_are_found_by_number(as_bob, room, talk, query, expected):
    assert page(as_bob, room, **query) == expected


def test_a_deleted_message_stays_as_an_empty_row(as_bob, alice, room, talk):
    delete_message(actor=alice, message_id=talk[4].message_id)
    answer = as_bob.get(f"rooms/{room.pk}/messages/").json()
    assert answer["as_of"] == 13
    gone = answer["results"][4]
    assert (gone["body"], gone["html"]) == ("", "")
    assert gone["deleted_at"]


def test_who_joins_reads_what_was_said_before(as_mallory, mallory, alice, open_room, say):
    say(alice, open_room, "Early")
    join_room(actor=mallory, room_id=open_room.pk)
    assert page(as_mallory, open_room)[0] == [2]


def test_an_outsider_reads_nothing(as_bob, as_mallory, room, open_room, talk):
    assert page(as_bob, room)[0]
    problem(as_mallory.get(f"rooms/{room.pk}/messages/"), 404, "not_found")
    problem(as_mallory.get(f"rooms/{open_room.pk}/messages/"), 403, "forbidden")


def test_the_number_of_queries_does_not_depend_on_history(as_bob, alice, bob, room, say, queries):
    say(alice, room, "Hello @bob")
    for query in ({}, {"before": 10**6}, {"after": 0}, {"around": 3}):
        with queries() as few:
            page(as_bob, room, **query)
        for number in range(10):
            say(bob if number % 2 else alice, room, f"Line {number} @alice @bob")
        with queries() as many:
            page(as_bob, room, **query)
        assert few.number == many.number <= 6


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"before": "x"}, "before"),
        ({"before": -1}, "before"),
        ({"after": 2**63}, "after"),
        ({"around": "1.5"}, "around"),
        ({"around": "9" * 5000}, "around"),
        ({"after": ""}, "after"),
        ({"after": "\x00"}, "after"),
        ({"before": 3, "after": 1}, "after"),
        ({"before": 3, "around": 1}, "around"),
    ],
)
def test_bad_parameters_are_named(as_bob, room, query, field):
    problem(as_bob.get(f"rooms/{room.pk}/messages/", **query), 400, "bad_request", field)


@pytest.mark.django_db(transaction=True)
def test_the_page_and_its_number_are_of_one_moment(alice, bob, room: Room, say):
    """While somebody posts without a pause, no page shows other messages than those up to its `as_of`."""
    stop, rest = threading.Event(), Rest(tokens_of(bob).access)

    def post():
        while not stop.is_set():
            say(alice, room, "Another")
        connection.close()

    poster = threading.Thread(target=post)
    poster.start()
    try:
        for _ in range(60):
            answer = rest.get(f"rooms/{room.pk}/messages/", limit=1).json()
            assert [message["seq"] for message in answer["results"]] in ([], [answer["as_of"]])
    finally:
        stop.set()
        poster.join()
    assert room.messages.count() > 0

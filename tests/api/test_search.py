"""GET search/."""

import pytest

from tests.support.rest import problem


@pytest.fixture
def said(alice, bob, room, say):
    posts = [(alice, "The night run"), (bob, "A run by day"), (alice, "`run` it")]
    return [say(sender, room, body).message_id for sender, body in posts]


def ids(response):
    assert response.status_code == 200
    return [int(hit["message"]["id"]) for hit in response.json()["results"]]


def test_what_was_said_is_found(as_bob, room, said):
    (hit,) = as_bob.get("search/", q="night").json()["results"]
    assert hit["message"]["body"] == "The night run"
    assert hit["message"]["room"] == str(room.pk)
    assert hit["excerpt"] == [
        {"text": "The ", "hit": False},
        {"text": "night", "hit": True},
        {"text": " run", "hit": False},
    ]


def test_it_is_narrowed_by_parameters_as_by_words(as_bob, alice, room, said):
    newest_first = said[::-1]
    assert ids(as_bob.get("search/", q="run")) == newest_first
    assert ids(as_bob.get("search/", q="run", room=room.pk)) == newest_first
    by_alice = newest_first[::2]
    assert ids(as_bob.get("search/", q="run", **{"from": alice.pk})) == by_alice
    assert ids(as_bob.get("search/", q="run from:alice")) == by_alice
    assert ids(as_bob.get("search/", has="code")) == newest_first[:1]
    assert ids(as_bob.get("search/", q="run", before="2012-01-01")) == []
    assert ids(as_bob.get("search/", q="run", after="2012")) == newest_first


def test_pages_follow_each_other(as_bob, said):
    for sort in ("newest", "best"):
        page = as_bob.get("search/", q="run", sort=sort, limit=2).json()
        rest = as_bob.get(page["next"]).json()
        found = [hit["message"]["id"] for hit in page["results"] + rest["results"]]
        assert (len(found), len(set(found)), rest["next"], rest["previous"]) == (3, 3, None, None)


def test_outsiders_find_nothing_and_no_room(as_mallory, room, said):
    assert ids(as_mallory.get("search/", q="run")) == []
    problem(as_mallory.get("search/", q="run", room=room.pk), 404, "not_found", "room")
    problem(as_mallory.get("search/", q="run in:board"), 404, "not_found", "in")


def test_strangers_are_asked_who_they_are(as_nobody):
    problem(as_nobody.get("search/", q="run"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "run", "before": "soon"}, "before"),
        ({"q": "run", "has": "luck"}, "has"),
        ({"q": "run", "sort": "oldest"}, "sort"),
        ({"q": "run", "limit": "0"}, "limit"),
        ({"q": "run", "cursor": "x"}, "cursor"),
        ({"q": "run", "room": "x"}, "room"),
        ({"q": "run", "from": "-1"}, "from"),
    ],
)
def test_a_bad_question_names_what_is_bad(as_bob, room, query, field):
    problem(as_bob.get("search/", **query), 400, "bad_request", field)

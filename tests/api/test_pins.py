"""PUT and DELETE messages/{id}/pin/ and messages/{id}/bookmark/, and their lists."""

import pytest

from tests.support.rest import problem


@pytest.fixture
def said(alice, room, say):
    return say(alice, room, "one").message_id


def test_a_message_is_pinned_and_listed(as_alice, as_bob, as_mallory, bob, room, said):
    assert as_bob.put(f"messages/{said}/pin/").json()["pinned"]["by"] == str(bob.pk)
    (pinned,) = as_alice.get(f"rooms/{room.pk}/pins/").json()["results"]
    assert (pinned["id"], pinned["pinned"]["by"]) == (str(said), str(bob.pk))
    problem(as_mallory.get(f"rooms/{room.pk}/pins/"), 404, "not_found")
    problem(as_mallory.put(f"messages/{said}/pin/"), 404, "not_found")
    problem(as_mallory.delete(f"messages/{said}/pin/"), 404, "not_found")
    assert as_alice.delete(f"messages/{said}/pin/").status_code == 204
    assert as_alice.get(f"rooms/{room.pk}/pins/").json()["results"] == []
    history = as_alice.get(f"rooms/{room.pk}/messages/").json()["results"]
    assert history[0]["pinned"] is None


def test_a_bookmark_is_listed_for_its_owner_alone(as_alice, as_bob, as_mallory, said):
    assert as_bob.put(f"messages/{said}/bookmark/").status_code == 204
    assert [row["message"]["id"] for row in as_bob.get("bookmarks/").json()["results"]] == [str(said)]
    assert as_alice.get("bookmarks/").json()["results"] == []
    problem(as_mallory.put(f"messages/{said}/bookmark/"), 404, "not_found")
    assert as_bob.delete(f"messages/{said}/bookmark/").status_code == 204
    assert as_bob.get("bookmarks/").json()["results"] == []


def test_those_outside_see_no_pins_of_an_open_room(as_mallory, open_room):
    problem(as_mallory.get(f"rooms/{open_room.pk}/pins/"), 403, "forbidden")

"""GET rooms/{id}/messages/ with If-None-Match: 304 while nothing that it tells has changed."""

import pytest

from chat.models import Room
from chat.operations.membership import leave_room
from chat.operations.messages import delete_message, edit_message
from chat.operations.people import update_profile
from chat.operations.rooms import update_room
from tests.support.rest import problem


def path(room: Room) -> str:
    return f"rooms/{room.pk}/messages/"


@pytest.fixture
def posted(alice, room, say):
    return say(alice, room, "first")


@pytest.fixture
def again(as_bob, room, posted):
    """`again()` asks as Bob, who has had an answer: the status, and nothing in the body of a 304."""
    first = as_bob.get(path(room))
    assert first.status_code == 200

    def ask(**query):
        answer = as_bob.ask("GET", path(room), query_params=query, headers={"If-None-Match": first["ETag"]})
        assert bool(answer.content) == (answer.status_code != 304)
        return answer

    return ask


def test_what_has_not_changed_is_not_sent_again(again, as_bob, room):
    answer = again()
    assert answer.status_code == 304
    assert answer["ETag"] == as_bob.get(path(room))["ETag"]
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_another_message_is_news(again, alice, room, say):
    say(alice, room, "second")
    assert len(again().json()["results"]) == 2


def test_an_edit_is_news(again, alice, posted):
    edit_message(actor=alice, message_id=posted.message_id, body="better")
    assert again().json()["results"][0]["body"] == "better"


def test_a_deletion_is_news(again, alice, posted):
    delete_message(actor=alice, message_id=posted.message_id)
    assert again().json()["results"][0]["body"] == ""


@pytest.mark.parametrize("change", [{"name": "A."}, {"hue": 7}])
def test_another_name_or_hue_of_a_sender_is_news(again, alice, change):
    update_profile(user=alice, **change)
    assert again().status_code == 200


def test_an_event_that_is_no_message_is_news(again, alice, room):
    update_room(actor=alice, room_id=room.pk, topic="Another")
    assert again().json()["as_of"] == 4


def test_another_page_is_another_answer(again, alice, room, say):
    say(alice, room, "second")
    assert again(limit=1).status_code == again(before=3).status_code == 200


def test_who_has_left_gets_no_304(again, bob, room):
    leave_room(actor=bob, room_id=room.pk)
    problem(again(), 404, "not_found")


def test_who_is_signed_out_gets_no_304(again, as_bob):
    as_bob.token = None
    problem(again(), 401, "unauthorized")

"""GET, PATCH and DELETE messages/{id}/."""

import pytest

from chat.operations.membership import leave_room
from chat.operations.messages import delete_message
from chat.operations.rooms import update_room
from tests.support.rest import problem


@pytest.fixture
def said(bob, room, say):
    return say(bob, room, "Tea?")


@pytest.fixture
def path(said):
    return f"messages/{said.message_id}/"


def test_a_member_reads_it(as_alice, bob, path, said):
    message = as_alice.get(path).json()
    assert (message["id"], message["body"], message["seq"]) == (str(said.message_id), "Tea?", said.seq)
    assert message["sender"]["id"] == str(bob.pk)


def test_its_sender_changes_it(as_bob, as_alice, alice, path):
    response = as_bob.patch(path, {"body": "Coffee, @alice?"})
    assert response.status_code == 200
    message = response.json()
    assert message["body"] == "Coffee, @alice?"
    assert message["edited_at"]
    assert message["mentions"] == [str(alice.pk)]
    assert as_alice.get(path).json() == message


def test_nobody_else_changes_it(as_alice, path):
    problem(as_alice.patch(path, {"body": "x"}), 403, "forbidden")


def test_its_sender_deletes_it(as_bob, as_alice, path):
    assert as_alice.get(path).status_code == 200
    assert as_bob.delete(path).status_code == 204
    problem(as_alice.get(path), 404, "not_found")
    problem(as_bob.delete(path), 404, "not_found")
    problem(as_bob.patch(path, {"body": "x"}), 404, "not_found")


def test_who_moderates_deletes_it(as_alice, path):
    assert as_alice.delete(path).status_code == 204


def test_another_member_does_not(as_bob, alice, room, say):
    said = say(alice, room, "Mine")
    problem(as_bob.delete(f"messages/{said.message_id}/"), 403, "forbidden")


def test_an_outsider_does_not_find_it(as_alice, as_mallory, path):
    assert as_alice.get(path).status_code == 200
    problem(as_mallory.get(path), 404, "not_found")
    problem(as_mallory.patch(path, {"body": "x"}), 404, "not_found")
    problem(as_mallory.delete(path), 404, "not_found")


def test_nor_does_an_outsider_of_an_open_room(as_mallory, alice, open_room, say):
    said = say(alice, open_room, "Hello")
    problem(as_mallory.get(f"messages/{said.message_id}/"), 404, "not_found")


def test_who_has_left_does_not_find_it(as_bob, bob, room, path):
    leave_room(actor=bob, room_id=room.pk)
    problem(as_bob.get(path), 404, "not_found")


def test_in_an_archived_room_it_stays_as_it_is(as_bob, alice, room, path):
    update_room(actor=alice, room_id=room.pk, archived=True)
    problem(as_bob.patch(path, {"body": "x"}), 403, "forbidden")
    problem(as_bob.delete(path), 403, "forbidden")
    assert as_bob.get(path).json()["body"] == "Tea?"


@pytest.mark.parametrize("body", [{}, {"body": ""}, {"body": None}, {"body": "\x00"}])
def test_bad_words_are_named(as_bob, path, body):
    problem(as_bob.patch(path, body), 400, "bad_request", "body")


def test_too_many_words_are_too_large(as_bob, path):
    problem(as_bob.patch(path, {"body": "x" * 16_001}), 413, "too_large", "body")


def test_nothing_else_can_be_changed(as_bob, path):
    problem(as_bob.patch(path, {"body": "x", "sender": "1"}), 400, "bad_request", "sender")


@pytest.mark.parametrize("message_id", ["0", "x", "4242", "99999999999999999999", "9223372036854775807"])
def test_a_message_that_is_not_there_is_not_found(as_bob, message_id):
    for method in ("GET", "DELETE"):
        problem(as_bob.ask(method, f"messages/{message_id}/"), 404, "not_found")


def test_a_repeat_of_a_deleted_post_shows_that_it_is_gone(as_bob, alice, room):
    body = {"id": "0e4e3f0c-5b7e-4a3e-9d54-0b9a3c0f6a11", "body": "Oops"}
    message = as_bob.post(f"rooms/{room.pk}/messages/", body).json()
    delete_message(actor=alice, message_id=int(message["id"]))
    again = as_bob.post(f"rooms/{room.pk}/messages/", body)
    assert again.status_code == 200
    assert (again.json()["id"], again.json()["body"]) == (message["id"], "")

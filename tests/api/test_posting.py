"""POST rooms/{id}/messages/."""

import threading
import uuid

import pytest
from django.db import connection

from chat.models import Event, Message
from chat.operations.rooms import update_room
from chat.streams import writer
from chat.streams.writer import Writer
from tests.support.rest import Rest, problem, tokens_of


def draft(body="Hello", **more):
    return {"id": str(uuid.uuid4()), "body": body, **more}


def test_a_post_is_answered_with_the_message(as_bob, bob, room):
    posted = draft("**Hello** @alice")
    response = as_bob.post(f"rooms/{room.pk}/messages/", posted)
    assert response.status_code == 201
    message = response.json()
    assert message["client_id"] == posted["id"]
    assert (message["room"], message["seq"], message["body"]) == (str(room.pk), 3, "**Hello** @alice")
    assert "<strong>Hello</strong>" in message["html"]
    assert message["sender"] == as_bob.get(f"users/{bob.pk}/").json()
    assert len(message["mentions"]) == 1
    assert message == as_bob.get(f"messages/{message['id']}/").json()
    (listed,) = as_bob.get(f"rooms/{room.pk}/messages/").json()["results"]
    assert message == listed


def test_the_answer_is_what_the_event_says(as_bob, room):
    message = as_bob.post(f"rooms/{room.pk}/messages/", draft("Hello @bob")).json()
    event = Event.objects.get(stream=room.pk, seq=message["seq"])
    import json

    assert json.loads(event.payload)["data"] == message


def test_a_repeat_gives_the_first_answer_again(as_bob, room):
    posted = draft()
    first = as_bob.post(f"rooms/{room.pk}/messages/", posted)
    again = as_bob.post(f"rooms/{room.pk}/messages/", posted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Message.objects.count() == 1


def test_the_same_id_with_other_words_is_a_conflict(as_bob, room):
    posted = draft()
    as_bob.post(f"rooms/{room.pk}/messages/", posted)
    problem(as_bob.post(f"rooms/{room.pk}/messages/", posted | {"body": "Other"}), 409, "conflict", "id")


def test_a_reply_names_what_it_answers(as_bob, alice, room, say):
    said = say(alice, room, "Tea?")
    response = as_bob.post(f"rooms/{room.pk}/messages/", draft("Yes", reply_to=str(said.message_id)))
    assert response.json()["reply_to"] == str(said.message_id)


def test_a_reply_to_another_room_is_not_found(as_alice, alice, room, open_room, say):
    said = say(alice, open_room, "Tea?")
    response = as_alice.post(f"rooms/{room.pk}/messages/", draft(reply_to=str(said.message_id)))
    problem(response, 404, "not_found", "reply_to")


def test_an_outsider_does_not_post(as_bob, as_mallory, room, open_room):
    assert as_bob.post(f"rooms/{room.pk}/messages/", draft()).status_code == 201
    problem(as_mallory.post(f"rooms/{room.pk}/messages/", draft()), 404, "not_found")
    problem(as_mallory.post(f"rooms/{open_room.pk}/messages/", draft()), 403, "forbidden")
    problem(as_mallory.post("rooms/4242/messages/", draft()), 404, "not_found")


def test_nobody_posts_to_an_archived_room(as_bob, alice, room):
    update_room(actor=alice, room_id=room.pk, archived=True)
    problem(as_bob.post(f"rooms/{room.pk}/messages/", draft()), 403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "x"}, "id"),
        ({"id": 7}, "id"),
        ({"id": None}, "id"),
        ({"body": ""}, "body"),
        ({"body": " \n "}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "\ud800"}, "body"),
        ({"body": 7}, "body"),
        ({"body": ["x"]}, "body"),
        ({"reply_to": "x"}, "reply_to"),
        ({"reply_to": 5}, "reply_to"),
        ({"reply_to": "99999999999999999999"}, "reply_to"),
        ({"html": "<script>"}, "html"),
        ({"sender": "1"}, "sender"),
    ],
)
def test_bad_input_names_the_field(as_bob, room, changes, field):
    problem(as_bob.post(f"rooms/{room.pk}/messages/", draft() | changes), 400, "bad_request", field)
    assert not Message.objects.exists()


@pytest.mark.parametrize("missing", ["id", "body"])
def test_what_is_missing_is_named(as_bob, room, missing):
    body = draft()
    del body[missing]
    problem(as_bob.post(f"rooms/{room.pk}/messages/", body), 400, "bad_request", missing)


def test_16000_characters_are_the_most(as_bob, room):
    assert as_bob.post(f"rooms/{room.pk}/messages/", draft("😀" * 16_000)).status_code == 201
    problem(as_bob.post(f"rooms/{room.pk}/messages/", draft("x" * 16_001)), 413, "too_large", "body")


def test_too_many_posts_are_refused_for_a_while(as_bob, room, settings):
    for _ in range(settings.POSTS_PER_10S):
        assert as_bob.post(f"rooms/{room.pk}/messages/", draft()).status_code == 201
    response = as_bob.post(f"rooms/{room.pk}/messages/", draft())
    problem(response, 429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 10


@pytest.mark.django_db(transaction=True)
def test_posts_go_through_the_writer_of_the_process(bob, room):
    thread = Writer()
    thread.start()
    writer.use(thread)
    statuses = []

    def post():
        rest = Rest(tokens_of(bob).access)
        for _ in range(5):
            body = draft()
            statuses.append(rest.post(f"rooms/{room.pk}/messages/", body).status_code)
            statuses.append(rest.post(f"rooms/{room.pk}/messages/", body).status_code)
        connection.close()

    posters = [threading.Thread(target=post) for _ in range(4)]
    try:
        for poster in posters:
            poster.start()
        for poster in posters:
            poster.join()
        assert thread.drain(5)
        response = Rest(tokens_of_directly(bob)).post(f"rooms/{room.pk}/messages/", draft())
        problem(response, 503, "unavailable")
        assert response["Retry-After"] == "1"
    finally:
        writer.use(None)
    assert sorted(statuses) == [200] * 20 + [201] * 20
    seqs = list(room.messages.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(3, 23))


def tokens_of_directly(user):
    """A token although the writer takes nothing any more."""
    return tokens_of(user).access

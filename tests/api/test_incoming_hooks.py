"""Incoming webhooks: a URL that posts, and who makes it."""

import json
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from chat.models import IncomingHook, Membership, Message, Room
from chat.operations import membership, rooms
from chat.operations.posting import posts_limit
from tests.support.rest import problem


@pytest.fixture
def hook(as_alice, room) -> dict:
    made = as_alice.post(f"rooms/{room.pk}/incoming-hooks/", {"name": "Nightly build"})
    assert made.status_code == 201, made.content
    return made.json()


def send(hook, payload, content_type="application/json", **headers):
    posts_limit._acts.clear()
    data = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    path = urlsplit(hook["url"]).path
    return Client(enforce_csrf_checks=True).post(path, data, content_type=content_type, headers=headers)


def last() -> Message:
    return Message.objects.order_by("-pk").select_related("sender")[0]


def test_what_is_sent_to_it_is_said_by_its_bot(hook, room):
    answer = send(hook, {"text": "**built** in 3 s"})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    said = last()
    assert (said.room, said.body) == (room, "**built** in 3 s")
    assert said.sender.is_bot and said.sender.display_name == "Nightly build"
    assert hook["bot"]["id"] == str(said.sender.pk)


def test_slacks_shape_is_taken_as_json_and_as_a_form(hook):
    payload = {"text": "*done* <https://example.org|here>", "channel": "#dev", "username": "ci"}
    assert send(hook, payload).status_code == 200
    assert last().body == "**done** [here](<https://example.org>)"
    form = urlencode({"payload": json.dumps({"text": "by a form"})})
    assert send(hook, form, "application/x-www-form-urlencoded").status_code == 200
    assert last().body == "by a form"


def test_the_address_works_with_and_without_a_slash_at_its_end(hook):
    assert send(hook | {"url": hook["url"] + "/"}, {"text": "hi"}).status_code == 200


def test_the_same_idempotency_key_again_posts_nothing(hook):
    for _ in range(2):
        assert send(hook, {"text": "once"}, **{"Idempotency-Key": "build 12"}).status_code == 200
    assert Message.objects.filter(body="once").count() == 1
    problem(send(hook, {"text": "other"}, **{"Idempotency-Key": "build 12"}), 409, "conflict")


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        (b"", 400, "bad_request", None),
        (b"hello", 400, "bad_request", None),
        (b"[]", 400, "bad_request", None),
        (b"{}", 400, "bad_request", "text"),
        (b'{"text": " "}', 400, "bad_request", "text"),
        (b'{"text": 7}', 400, "bad_request", "text"),
        (b'{"text": "\\u0000"}', 400, "bad_request", "text"),
        (b'{"text": "\\ud800"}', 400, "bad_request", "text"),
        (json.dumps({"text": "x" * 16_001}), 413, "too_large", "text"),
        (b"[" * 5_000, 400, "bad_request", None),
        (b'{"text": "' + b"x" * 300_000 + b'"}', 413, "too_large", None),
    ],
)
def test_bad_input_names_the_field(hook, body, status, code, field):
    problem(send(hook, body), status, code, field)


def test_another_type_of_body_is_415(hook):
    problem(send(hook, b"x", "application/octet-stream"), 415, "unsupported_media_type")


def test_it_takes_nothing_but_post(hook):
    problem(Client().get(urlsplit(hook["url"]).path), 405, "method_not_allowed")


@pytest.mark.parametrize("secret", ["x", "a" * 32, "é", "%00"])
def test_whoever_guesses_finds_nothing(db, secret):
    answer = Client().post(f"/hooks/{secret}", '{"text": "hi"}', content_type="application/json")
    assert answer.status_code == 404


def test_too_much_is_refused_with_the_time_to_wait(hook, settings):
    posts_limit._acts.clear()
    statuses = [
        Client().post(urlsplit(hook["url"]).path, {"text": "x"}, content_type="application/json") for _ in range(51)
    ]
    assert [answer.status_code for answer in statuses] == [200] * 50 + [429]
    assert int(statuses[-1]["Retry-After"]) > 0


def test_a_revoked_hook_is_gone_and_its_bot_has_left(as_alice, hook, room):
    assert as_alice.delete(f"rooms/{room.pk}/incoming-hooks/{hook['id']}/").status_code == 204
    problem(send(hook, {"text": "hi"}), 404, "not_found")
    assert not Membership.objects.live().filter(room=room, user=hook["bot"]["id"]).exists()
    assert as_alice.get(f"rooms/{room.pk}/incoming-hooks/").json()["results"] == []
    problem(as_alice.delete(f"rooms/{room.pk}/incoming-hooks/{hook['id']}/"), 404, "not_found")


def test_one_whose_bot_was_put_out_or_whose_room_is_archived_says_nothing(as_alice, alice, hook, room):
    membership.remove_member(actor=alice, room_id=room.pk, user_id=int(hook["bot"]["id"]))
    problem(send(hook, {"text": "hi"}), 404, "not_found")
    membership.add_member(actor=alice, room_id=room.pk, user_id=int(hook["bot"]["id"]))
    rooms.update_room(actor=alice, room_id=room.pk, archived=True)
    problem(send(hook, {"text": "hi"}), 403, "forbidden")


def test_its_secret_is_shown_once_and_not_kept(as_alice, hook, room):
    (listed,) = as_alice.get(f"rooms/{room.pk}/incoming-hooks/").json()["results"]
    assert "url" not in listed and listed["name"] == "Nightly build"
    secret = hook["url"].rpartition("/")[2]
    assert secret not in str(IncomingHook.objects.values()[0])


def test_only_those_who_moderate_the_room_see_and_make_them(as_bob, as_mallory, hook, room):
    for rest, status, code in ((as_bob, 403, "forbidden"), (as_mallory, 404, "not_found")):
        problem(rest.get(f"rooms/{room.pk}/incoming-hooks/"), status, code)
        problem(rest.post(f"rooms/{room.pk}/incoming-hooks/", {"name": "x"}), status, code)
        problem(rest.delete(f"rooms/{room.pk}/incoming-hooks/{hook['id']}/"), status, code)


def test_a_hook_of_another_room_does_not_exist_here(as_alice, alice, hook):
    other = rooms.create_room(actor=alice, name="Other", kind=Room.Kind.PRIVATE)
    problem(as_alice.delete(f"rooms/{other.pk}/incoming-hooks/{hook['id']}/"), 404, "not_found")


@pytest.mark.parametrize("name", ["", "x" * 81, "\x00"])
def test_a_hook_has_a_name(as_alice, room, name):
    problem(as_alice.post(f"rooms/{room.pk}/incoming-hooks/", {"name": name}), 400, "bad_request", "name")


def test_a_direct_room_has_none(as_alice, alice, bob):
    direct = rooms.open_direct(actor=alice, other=bob)
    assert as_alice.post(f"rooms/{direct.pk}/incoming-hooks/", {"name": "x"}).status_code == 403

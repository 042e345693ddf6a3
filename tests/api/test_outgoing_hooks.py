"""rooms/{id}/hooks/: where the events of a room are sent to."""

import pytest

from chat.models import OutgoingHook, Room
from chat.operations import rooms
from tests.support.rest import problem

URL = "https://hooks.example.org/parley"


@pytest.fixture
def hook(as_alice, room) -> dict:
    made = as_alice.post(f"rooms/{room.pk}/hooks/", {"url": URL, "events": ["message.posted"]})
    assert made.status_code == 201, made.content
    return made.json()


def test_it_begins_with_what_happens_next_and_its_secret_is_shown_once(as_alice, alice, room, say):
    last = say(alice, room, "before").seq
    made = as_alice.post(f"rooms/{room.pk}/hooks/", {"url": URL}).json()
    assert (made["cursor"], made["events"], len(made["secret"])) == (last, [], 32)
    (listed,) = as_alice.get(f"rooms/{room.pk}/hooks/").json()["results"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}


def test_it_is_changed_and_deleted(as_alice, hook, room):
    path = f"rooms/{room.pk}/hooks/{hook['id']}/"
    changed = as_alice.patch(path, {"url": URL + "/2", "events": [], "enabled": False}).json()
    assert (changed["url"], changed["events"], changed["disabled_why"]) == (URL + "/2", [], "by hand")
    assert as_alice.patch(path, {"enabled": True}).json()["disabled_at"] is None
    assert as_alice.delete(path).status_code == 204
    problem(as_alice.get(path), 404, "not_found")


def test_only_those_who_moderate_the_room_see_and_make_them(as_bob, as_mallory, hook, room):
    base = f"rooms/{room.pk}/hooks/"
    for rest, status, code in ((as_bob, 403, "forbidden"), (as_mallory, 404, "not_found")):
        problem(rest.get(base), status, code)
        problem(rest.post(base, {"url": URL}), status, code)
        for path in (f"{base}{hook['id']}/", f"{base}{hook['id']}/deliveries/"):
            problem(rest.get(path), status, code)
        problem(rest.patch(f"{base}{hook['id']}/", {"enabled": False}), status, code)
        problem(rest.delete(f"{base}{hook['id']}/"), status, code)
        problem(rest.post(f"{base}{hook['id']}/redeliver/", {"seq": 1}), status, code)


def test_a_hook_of_another_room_does_not_exist_here(as_alice, alice, hook):
    other = rooms.create_room(actor=alice, name="Other", kind=Room.Kind.PRIVATE)
    problem(as_alice.get(f"rooms/{other.pk}/hooks/{hook['id']}/"), 404, "not_found")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org",
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "https://",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org:8443/",
        "https://hooks.example.org:99999/",
        "https://[::1/",
        "https://bücher.example/",
        "https://hooks.example.org/" + "x" * 500,
        "https://hooks.example.org/\x00",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\nHost: inner",
    ],
)
def test_what_is_no_url_to_send_to(as_alice, room, url):
    problem(as_alice.post(f"rooms/{room.pk}/hooks/", {"url": url}), 400, "bad_request", "url")
    assert not OutgoingHook.objects.exists()


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("", {"url": URL, "events": ["user.born"]}, "events"),
        ("", {"url": URL, "events": "message.posted"}, "events"),
        ("{id}/redeliver/", {"seq": 10**6}, "seq"),
        ("{id}/redeliver/", {"seq": 0}, "seq"),
    ],
)
def test_bad_input_names_the_field(as_alice, hook, room, path, fields, field):
    path = f"rooms/{room.pk}/hooks/{path.format(**hook)}"
    problem(as_alice.post(path, fields), 400, "bad_request", field)


def test_there_are_twenty_at_most(as_alice, room):
    for _ in range(20):
        assert as_alice.post(f"rooms/{room.pk}/hooks/", {"url": URL}).status_code == 201
    problem(as_alice.post(f"rooms/{room.pk}/hooks/", {"url": URL}), 409, "conflict")


def test_a_direct_or_an_archived_room_gets_none(as_alice, alice, bob, room):
    direct = rooms.open_direct(actor=alice, other=bob)
    rooms.update_room(actor=alice, room_id=room.pk, archived=True)
    for each in (direct, room):
        assert as_alice.post(f"rooms/{each.pk}/hooks/", {"url": URL}).status_code == 403

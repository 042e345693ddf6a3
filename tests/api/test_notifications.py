"""notifications/, me/notifications/ and rooms/{id}/level/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Notification
from tests.support.rest import problem


@pytest.fixture
def told(alice, room, say):
    """The ids of two mentions of Bob, the newest first."""
    Notification.objects.all().delete()
    for words in ("@bob one", "@bob two"):
        say(alice, room, words)
    return [str(pk) for pk in Notification.objects.order_by("-pk").values_list("pk", flat=True)]


def listed(client, query=""):
    return client.get(f"notifications/?{query}").json()["results"]


def test_ones_own_are_listed_and_read(as_bob, as_alice, told):
    newest, oldest = listed(as_bob)
    assert [newest["id"], oldest["id"]] == told
    assert (newest["text"], newest["kind"], newest["actor"]["username"], newest["read_at"]) == (
        "@bob two",
        "mention",
        "alice",
        None,
    )
    assert as_bob.post("notifications/read/", {"notifications": told[1:]}).json() == {"read": 1}
    assert [each["id"] for each in listed(as_bob, "unread=true")] == told[:1]
    assert as_bob.post("notifications/read/", {}).json() == {"read": 1}
    assert listed(as_bob, "unread=true") == []
    assert len(listed(as_bob, "kind=mention")) == 2 and listed(as_bob, "kind=reply") == []
    assert listed(as_alice) == []


def test_those_of_a_room_and_those_up_to_one_are_read(as_bob, room, told):
    assert as_bob.post("notifications/read/", {"up_to": told[1]}).json() == {"read": 1}
    assert as_bob.post("notifications/read/", {"room": str(room.pk)}).json() == {"read": 1}


def test_what_is_anothers_is_not_found(as_mallory, told):
    problem(as_mallory.post("notifications/read/", {"notifications": told}), 404, "not_found", "notifications")
    problem(as_mallory.post("notifications/read/", {"notifications": ["x"]}), 400, "bad_request", "notifications")


def test_one_chooses_for_all_rooms(as_bob):
    nothing = {
        "level": "mentions",
        "keywords": [],
        "paused_until": None,
        "quiet_from": None,
        "quiet_to": None,
        "mails": True,
        "digest": False,
    }
    assert as_bob.get("me/notifications/").json() == nothing
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    chosen = {"level": "all", "keywords": ["cake"], "quiet_from": "22:00", "quiet_to": "07:30", "paused_until": until}
    answer = as_bob.patch("me/notifications/", chosen).json()
    assert {name: answer[name] for name in chosen if name != "paused_until"} == {
        name: value for name, value in chosen.items() if name != "paused_until"
    }
    assert answer["paused_until"].startswith(until[:19])
    assert as_bob.patch("me/notifications/", {"quiet_from": None, "quiet_to": None, "paused_until": None}).json() == (
        nothing | {"level": "all", "keywords": ["cake"]}
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"level": "some"}, "level"),
        ({"keywords": ["!"]}, "keywords"),
        ({"quiet_from": "22:00"}, "quiet_to"),
        ({"quiet_from": "22:00", "quiet_to": "25:00"}, "quiet_to"),
        ({"quiet_from": "22:00", "quiet_to": None}, "quiet_to"),
        ({"paused_until": "9999-01-01T00:00:00Z"}, "paused_until"),
        ({"paused_until": "9999-12-31T23:59:59-14:00"}, "paused_until"),
        ({"paused_until": "0001-01-01T00:00:00+14:00"}, "paused_until"),
        ({"paused_until": "2026-01-01T00:00:00"}, "paused_until"),
    ],
)
def test_what_cannot_be_chosen_is_named(as_bob, wrong, field):
    problem(as_bob.patch("me/notifications/", wrong), 400, "bad_request", field)


def test_one_chooses_for_a_room(as_bob, as_mallory, room, open_room):
    assert as_bob.put(f"rooms/{room.pk}/level/", {"level": "all"}).json() == {"level": "all"}
    assert as_bob.get(f"rooms/{room.pk}/").json()["level"] == "all"
    assert as_bob.put(f"rooms/{room.pk}/level/", {"level": None}).json() == {"level": None}
    problem(as_mallory.put(f"rooms/{room.pk}/level/", {"level": "all"}), 404, "not_found")
    problem(as_mallory.put(f"rooms/{open_room.pk}/level/", {"level": "all"}), 403, "forbidden")

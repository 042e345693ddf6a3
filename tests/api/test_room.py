"""GET and PATCH rooms/{id}/."""

import pytest

from chat.models import Event
from chat.operations.rooms import open_direct
from tests.support.rest import problem
from tests.support.snapshot import agreeing


def test_a_member_sees_the_room(as_bob, room):
    seen = as_bob.get(f"rooms/{room.pk}/").json()
    assert (seen["name"], seen["role"], seen["seq"]) == ("Board", "member", 2)


def test_an_outsider_sees_an_open_room_but_no_private_one(as_mallory, room, open_room):
    assert "role" not in as_mallory.get(f"rooms/{open_room.pk}/").json()
    problem(as_mallory.get(f"rooms/{room.pk}/"), 404, "not_found")


@pytest.mark.parametrize("room_id", ["0", "x", "99999999999999999999", "4242", "%00", "1%2F2", "ü"])
def test_a_room_that_is_not_there_is_not_found(as_alice, room_id):
    problem(as_alice.get(f"rooms/{room_id}/"), 404, "not_found")


def test_its_owner_changes_what_is_given(as_alice, room):
    response = as_alice.patch(f"rooms/{room.pk}/", {"name": "Directors"})
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["slug"], response.json()["topic"]) == ("Directors", "board", "")
    assert as_alice.patch(f"rooms/{room.pk}/", {"topic": "Money"}).json()["name"] == "Directors"
    assert as_alice.get(f"rooms/{room.pk}/").json()["topic"] == "Money"


def test_it_is_archived_and_brought_back(as_alice, room):
    assert as_alice.patch(f"rooms/{room.pk}/", {"archived": True}).json()["archived"] is True
    assert as_alice.patch(f"rooms/{room.pk}/", {"archived": False}).json()["archived"] is False
    types = Event.objects.filter(stream=room.pk).order_by("seq").values_list("type", flat=True)
    assert list(types)[-2:] == ["room.archived", "room.updated"]


def test_previews_of_links_are_turned_off_and_on(as_alice, as_bob, room):
    for on in (False, True):
        with agreeing() as events:
            assert as_alice.patch(f"rooms/{room.pk}/", {"previews": on}).json()["previews"] is on
        assert [(event["type"], event["data"]["room"]["previews"]) for event in events] == [("room.updated", on)]
        assert as_bob.get(f"rooms/{room.pk}/").json()["previews"] is on


def test_a_member_does_not_change_it(as_bob, room):
    problem(as_bob.patch(f"rooms/{room.pk}/", {"name": "x"}), 403, "forbidden")


def test_an_outsider_does_not_find_it(as_mallory, room, open_room):
    problem(as_mallory.patch(f"rooms/{open_room.pk}/", {"name": "x"}), 403, "forbidden")
    problem(as_mallory.patch(f"rooms/{room.pk}/", {"name": "x"}), 404, "not_found")


def test_a_direct_room_has_nothing_to_change(as_alice, alice, bob):
    direct = open_direct(actor=alice, other=bob)
    problem(as_alice.patch(f"rooms/{direct.pk}/", {"topic": "x"}), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"topic": "x" * 501}, "topic"),
        ({"archived": "yes"}, "archived"),
        ({"archived": 1}, "archived"),
        ({"previews": "yes"}, "previews"),
        ({"kind": "open"}, "kind"),
        ({"id": "3"}, "id"),
    ],
)
def test_bad_input_names_the_field(as_alice, room, body, field):
    problem(as_alice.patch(f"rooms/{room.pk}/", body), 400, "bad_request", field)

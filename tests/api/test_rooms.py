"""GET and POST rooms/."""

import pytest

from chat.models import Room, User
from chat.operations.membership import join_room
from chat.operations.rooms import create_room, open_direct, update_room
from tests.support.rest import problem


def names_in(response):
    assert response.status_code == 200, response.content
    return [room["name"] for room in response.json()["results"]]


def test_i_see_my_rooms_with_what_is_unread(as_bob, alice, room, say):
    say(alice, room, "Hello @bob")
    say(alice, room, "Anybody?")
    (seen,) = as_bob.get("rooms/").json()["results"]
    assert seen == {
        "id": str(room.pk),
        "slug": "board",
        "name": "Board",
        "kind": "private",
        "topic": "",
        "posting": "everyone",
        "slow_seconds": 0,
        "archived": False,
        "previews": True,
        "role": "member",
        "seq": 4,
        "read_seq": 2,
        "unread": 2,
        "mentions": 1,
    }


def test_an_open_room_is_seen_from_outside(as_bob, open_room):
    (seen,) = as_bob.get("rooms/").json()["results"]
    assert seen == {
        "id": str(open_room.pk),
        "slug": "design",
        "name": "Design",
        "kind": "open",
        "topic": "",
        "posting": "everyone",
        "slow_seconds": 0,
        "archived": False,
        "previews": True,
        "seq": 1,
    }


def test_a_private_room_of_others_is_not(as_mallory, as_bob, room, open_room):
    assert names_in(as_bob.get("rooms/")) == ["Board", "Design"]
    assert names_in(as_mallory.get("rooms/")) == ["Design"]


def test_a_direct_room_has_the_name_of_the_other(as_alice, as_bob, alice, bob):
    direct = open_direct(actor=alice, other=bob)
    (seen,) = as_alice.get("rooms/").json()["results"]
    assert (seen["id"], seen["name"], seen["slug"]) == (str(direct.pk), "Bob", None)
    assert seen["peer"] == as_alice.get(f"users/{bob.pk}/").json()
    assert names_in(as_bob.get("rooms/")) == ["Alice"]


def test_the_list_can_be_of_mine_alone_or_of_the_others(as_bob, room, open_room):
    assert names_in(as_bob.get("rooms/", member="true")) == ["Board"]
    assert names_in(as_bob.get("rooms/", member="false")) == ["Design"]


def test_pages_lead_to_each_other(as_alice, alice):
    for number in range(5):
        create_room(actor=alice, name=f"Room {number}", kind="open")
    first = as_alice.get("rooms/", limit=2)
    second = as_alice.get(first.json()["next"])
    third = as_alice.get(second.json()["next"])
    assert names_in(first) + names_in(second) + names_in(third) == [f"Room {number}" for number in range(5)]
    assert third.json()["next"] is None
    assert names_in(as_alice.get(third.json()["previous"])) == ["Room 2", "Room 3"]


def test_the_number_of_queries_does_not_depend_on_how_many_there_are(as_alice, alice, bob, queries):
    create_room(actor=alice, name="Room", kind="private", members=[bob.pk])
    open_direct(actor=alice, other=bob)
    with queries() as few:
        as_alice.get("rooms/")
    for number in range(10):
        other = User.objects.create_user(f"user{number}")
        open_direct(actor=alice, other=other)
        create_room(actor=alice, name="Room", kind="open")
        create_room(actor=other, name="Room", kind="open")
    with queries() as many:
        assert len(as_alice.get("rooms/").json()["results"]) == 32
    assert few.number == many.number == 4


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"member": "yes"}, "member"),
        ({"limit": "-1"}, "limit"),
        ({"cursor": "cD14"}, "cursor"),  # p=x
        ({"cursor": "cD05OTk5OTk5OTk5OTk5OTk5OTk5OQ=="}, "cursor"),  # p=99999999999999999999
    ],
)
def test_bad_parameters_are_named(as_alice, query, field):
    problem(as_alice.get("rooms/", **query), 400, "bad_request", field)


# Making rooms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["open", "private"])
def test_who_makes_a_room_owns_it(as_alice, as_bob, bob, kind):
    response = as_alice.post("rooms/", {"name": "Music", "kind": kind, "members": [str(bob.pk)], "topic": "Loud"})
    assert response.status_code == 201
    made = response.json()
    assert (made["name"], made["kind"], made["topic"], made["role"], made["seq"]) == ("Music", kind, "Loud", "owner", 2)
    assert made == as_alice.get(f"rooms/{made['id']}/").json()
    assert as_bob.get(f"rooms/{made['id']}/").json()["role"] == "member"


def test_a_direct_room_is_made_once(as_alice, as_bob, alice, bob):
    first = as_alice.post("rooms/", {"kind": "direct", "members": [str(bob.pk)]})
    assert first.status_code == 201
    assert first.json()["peer"]["username"] == "bob"
    again = as_bob.post("rooms/", {"kind": "direct", "members": [str(alice.pk)]})
    assert again.status_code == 200
    assert again.json()["id"] == first.json()["id"]
    assert Room.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "open"}, "name"),
        ({"name": "x"}, "kind"),
        ({"name": "x", "kind": "secret"}, "kind"),
        ({"name": " ", "kind": "open"}, "name"),
        ({"name": "x" * 81, "kind": "open"}, "name"),
        ({"name": "a\x00", "kind": "open"}, "name"),
        ({"name": "x", "kind": "open", "topic": "x" * 501}, "topic"),
        ({"name": "x", "kind": "open", "members": ["99999999999999999999"]}, "members"),
        ({"name": "x", "kind": "open", "members": ["x"]}, "members"),
        ({"name": "x", "kind": "open", "members": ["4242"]}, "members"),
        ({"name": "x", "kind": "open", "members": [3]}, "members"),
        ({"name": "x", "kind": "open", "members": {}}, "members"),
        ({"name": "x", "kind": "open", "slug": "y"}, "slug"),
        ({"kind": "direct"}, "members"),
        ({"kind": "direct", "members": []}, "members"),
        ({"kind": "direct", "members": ["1", "2"]}, "members"),
        ({"kind": "direct", "members": ["4242"]}, "members"),
    ],
)
def test_bad_input_names_the_field(as_alice, body, field):
    problem(as_alice.post("rooms/", body), 400, "bad_request", field)
    assert not Room.objects.exists()


def test_a_direct_room_has_no_name(as_alice, bob):
    body = {"kind": "direct", "members": [str(bob.pk)], "name": "x"}
    problem(as_alice.post("rooms/", body), 400, "bad_request", "name")


def test_unread_is_counted_from_where_i_came_in(as_bob, alice, bob, open_room, say):
    say(alice, open_room, "Before")
    join_room(actor=bob, room_id=open_room.pk)
    say(alice, open_room, "After")
    (seen,) = as_bob.get("rooms/").json()["results"]
    assert seen["unread"] == 1


def test_they_are_filtered(as_alice, alice, room, open_room):
    update_room(actor=alice, room_id=open_room.pk, archived=True)

    def names(**query):
        return [found["name"] for found in as_alice.get("rooms/", **query).json()["results"]]

    assert names(archived="true") == names(kind="open") == names(q="des") == ["Design"]
    assert names(archived="false") == names(kind="private") == names(q="BOA", member="true") == ["Board"]
    assert names(q="none such") == names(kind="direct") == []


@pytest.mark.parametrize(("name", "value"), [("archived", "maybe"), ("kind", "secret"), ("member", "1"), ("q", "\x00")])
def test_a_filter_that_is_none_names_itself(as_alice, name, value):
    problem(as_alice.get("rooms/", **{name: value}), 400, "bad_request", name)

"""GET and POST rooms/{id}/members/, PATCH and DELETE rooms/{id}/members/{user}/."""

import pytest

from chat.models import Membership, User
from chat.operations.membership import change_role
from tests.support.rest import problem


def roles_in(response):
    assert response.status_code == 200, response.content
    return {member["user"]["username"]: member["role"] for member in response.json()["results"]}


def test_members_are_listed_in_the_order_in_which_they_came(as_bob, bob, room):
    response = as_bob.get(f"rooms/{room.pk}/members/")
    assert list(roles_in(response).items()) == [("alice", "owner"), ("bob", "member")]
    assert response.json()["results"][1] == {
        "user": as_bob.get(f"users/{bob.pk}/").json(),
        "role": "member",
        "muted_until": None,
    }


def test_those_of_an_open_room_are_known_to_all_of_a_private_one_to_its_members(as_mallory, room, open_room):
    assert roles_in(as_mallory.get(f"rooms/{open_room.pk}/members/")) == {"alice": "owner"}
    problem(as_mallory.get(f"rooms/{room.pk}/members/"), 404, "not_found")


def test_pages_lead_to_each_other(as_alice, room):
    first = as_alice.get(f"rooms/{room.pk}/members/", limit=1)
    second = as_alice.get(first.json()["next"])
    assert (list(roles_in(first)), list(roles_in(second))) == (["alice"], ["bob"])
    assert second.json()["next"] is None


def test_the_number_of_queries_does_not_depend_on_how_many_there_are(as_alice, room, queries):
    with queries() as few:
        as_alice.get(f"rooms/{room.pk}/members/")
    people = [User.objects.create_user(f"user{number}") for number in range(20)]
    Membership.objects.bulk_create(Membership(room=room, user=user, joined_seq=9) for user in people)
    with queries() as many:
        assert len(as_alice.get(f"rooms/{room.pk}/members/").json()["results"]) == 22
    assert few.number == many.number == 3


# Bringing in ------------------------------------------------------------------------------------


def test_the_owner_brings_somebody_in(as_alice, as_mallory, mallory, room):
    problem(as_mallory.get(f"rooms/{room.pk}/"), 404, "not_found")
    response = as_alice.post(f"rooms/{room.pk}/members/", {"user": str(mallory.pk), "role": "moderator"})
    assert response.status_code == 201
    assert (response.json()["user"]["username"], response.json()["role"]) == ("mallory", "moderator")
    assert as_mallory.get(f"rooms/{room.pk}/").json()["role"] == "moderator"


def test_who_is_in_stays_as_they_are(as_alice, bob, room):
    response = as_alice.post(f"rooms/{room.pk}/members/", {"user": str(bob.pk), "role": "owner"})
    assert (response.status_code, response.json()["role"]) == (200, "member")


def test_a_member_brings_nobody_into_a_private_room(as_bob, mallory, room):
    problem(as_bob.post(f"rooms/{room.pk}/members/", {"user": str(mallory.pk)}), 403, "forbidden")


def test_an_outsider_brings_nobody_in(as_mallory, mallory, room, open_room):
    problem(as_mallory.post(f"rooms/{open_room.pk}/members/", {"user": str(mallory.pk)}), 403, "forbidden")
    problem(as_mallory.post(f"rooms/{room.pk}/members/", {"user": str(mallory.pk)}), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user"),
        ({"user": 3}, "user"),
        ({"user": "x"}, "user"),
        ({"user": "4242"}, "user"),
        ({"user": "99999999999999999999"}, "user"),
        ({"user": "1", "role": "king"}, "role"),
        ({"user": "1", "rank": 1}, "rank"),
    ],
)
def test_bad_input_names_the_field(as_alice, alice, room, body, field):
    if body.get("user") == "1":
        body = body | {"user": str(alice.pk)}
    problem(as_alice.post(f"rooms/{room.pk}/members/", body), 400, "bad_request", field)


# Roles, putting out -----------------------------------------------------------------------------


def test_the_owner_changes_a_role(as_alice, bob, room):
    response = as_alice.patch(f"rooms/{room.pk}/members/{bob.pk}/", {"role": "moderator"})
    assert (response.status_code, response.json()["role"]) == (200, "moderator")
    assert roles_in(as_alice.get(f"rooms/{room.pk}/members/"))["bob"] == "moderator"


def test_a_moderator_does_not(as_bob, alice, bob, room):
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator")
    problem(as_bob.patch(f"rooms/{room.pk}/members/{bob.pk}/", {"role": "owner"}), 403, "forbidden")


def test_the_last_owner_stays_one(as_alice, alice, room):
    problem(as_alice.patch(f"rooms/{room.pk}/members/{alice.pk}/", {"role": "member"}), 403, "forbidden", "role")


@pytest.mark.parametrize("body", [{}, {"role": "king"}, {"role": None}])
def test_a_bad_role_is_named(as_alice, bob, room, body):
    problem(as_alice.patch(f"rooms/{room.pk}/members/{bob.pk}/", body), 400, "bad_request", "role")


def test_the_owner_puts_somebody_out(as_alice, as_bob, bob, room):
    assert as_bob.get(f"rooms/{room.pk}/messages/").status_code == 200
    assert as_alice.delete(f"rooms/{room.pk}/members/{bob.pk}/").status_code == 204
    problem(as_bob.get(f"rooms/{room.pk}/messages/"), 404, "not_found")
    problem(as_alice.delete(f"rooms/{room.pk}/members/{bob.pk}/"), 404, "not_found")


def test_a_member_puts_nobody_out(as_bob, alice, room):
    problem(as_bob.delete(f"rooms/{room.pk}/members/{alice.pk}/"), 403, "forbidden")


def test_an_outsider_does_not_even_find_the_door(as_mallory, as_alice, alice, bob, room):
    assert roles_in(as_alice.get(f"rooms/{room.pk}/members/"))["bob"] == "member"
    problem(as_mallory.delete(f"rooms/{room.pk}/members/{bob.pk}/"), 404, "not_found")
    problem(as_mallory.patch(f"rooms/{room.pk}/members/{bob.pk}/", {"role": "owner"}), 404, "not_found")
    assert roles_in(as_alice.get(f"rooms/{room.pk}/members/"))["bob"] == "member"


@pytest.mark.parametrize("user_id", ["x", "0", "4242", "99999999999999999999"])
def test_a_member_who_is_not_there_is_not_found(as_alice, room, user_id):
    problem(as_alice.delete(f"rooms/{room.pk}/members/{user_id}/"), 404, "not_found")
    problem(as_alice.patch(f"rooms/{room.pk}/members/{user_id}/", {"role": "member"}), 404, "not_found")


def test_members_are_found_by_the_beginnings_of_their_names(as_bob, bob, room):
    bob.name = "Bob Jones"
    bob.save()

    def found(start):
        return [*roles_in(as_bob.get(f"rooms/{room.pk}/members/", q=start))]

    assert (found("AL"), found("jon"), found("bob"), found("lice")) == (["alice"], ["bob"], ["bob"], [])
    problem(as_bob.get(f"rooms/{room.pk}/members/", q="a\x00"), 400, "bad_request", "q")

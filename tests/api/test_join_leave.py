"""POST rooms/{id}/join/ and leave/."""

from chat.models import Membership
from chat.operations.rooms import open_direct, update_room
from tests.support.rest import problem


def test_anybody_joins_an_open_room(as_mallory, mallory, open_room):
    response = as_mallory.post(f"rooms/{open_room.pk}/join/")
    assert response.status_code == 200
    assert (response.json()["role"], response.json()["seq"]) == ("member", 2)
    assert Membership.objects.live().filter(room=open_room, user=mallory).count() == 1


def test_joining_twice_changes_nothing(as_mallory, open_room):
    first = as_mallory.post(f"rooms/{open_room.pk}/join/").json()
    assert as_mallory.post(f"rooms/{open_room.pk}/join/").json() == first


def test_nobody_joins_a_private_room(as_mallory, room, mallory):
    problem(as_mallory.post(f"rooms/{room.pk}/join/"), 404, "not_found")
    assert not Membership.objects.filter(user=mallory).exists()


def test_nobody_joins_an_archived_room(as_mallory, alice, open_room):
    update_room(actor=alice, room_id=open_room.pk, archived=True)
    problem(as_mallory.post(f"rooms/{open_room.pk}/join/"), 403, "forbidden")


def test_a_member_leaves(as_bob, as_alice, room):
    assert as_bob.get(f"rooms/{room.pk}/").status_code == 200
    response = as_bob.post(f"rooms/{room.pk}/leave/")
    assert (response.status_code, response.content) == (204, b"")
    problem(as_bob.get(f"rooms/{room.pk}/"), 404, "not_found")
    assert len(as_alice.get(f"rooms/{room.pk}/members/").json()["results"]) == 1


def test_who_is_not_in_does_not_leave(as_mallory, room, open_room):
    problem(as_mallory.post(f"rooms/{open_room.pk}/leave/"), 403, "forbidden")
    problem(as_mallory.post(f"rooms/{room.pk}/leave/"), 404, "not_found")


def test_nobody_leaves_a_direct_room(as_bob, alice, bob):
    direct = open_direct(actor=alice, other=bob)
    problem(as_bob.post(f"rooms/{direct.pk}/leave/"), 403, "forbidden")

"""create_room, open_direct, update_room."""

from __future__ import annotations

import pytest

from chat.models import Membership, Room, User
from chat.operations.people import disable_user
from chat.operations.rooms import create_room, open_direct, update_room
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing

# create ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["open", "private"])
def test_who_makes_a_room_owns_it_and_everybody_in_it_hears(alice: User, bob: User, mallory: User, kind: str) -> None:
    with agreeing() as events:
        room = create_room(actor=alice, name="  Launch day ", kind=kind, members=[bob.pk, alice.pk], topic="When?")
    assert (room.name, room.kind, room.topic) == ("Launch day", kind, "When?")
    assert room.slug is not None and room.slug.startswith("launch-day")
    roles = dict(Membership.objects.live().filter(room=room).values_list("user", "role"))
    assert roles == {alice.pk: "owner", bob.pk: "member"}
    told = [(event["stream"], event["type"]) for event in events]
    assert told[:2] == [(f"room:{room.pk}", "member.joined")] * 2
    added = [(f"user:{user.pk}", "room.added") for user in (alice, bob)]
    assert sorted(told[2:]) == sorted([*added, (f"user:{bob.pk}", "notification.created")])


def test_rooms_of_one_name_have_addresses_of_their_own(alice: User) -> None:
    slugs = [create_room(actor=alice, name="General", kind="open").slug for _ in range(3)]
    assert slugs == ["general", "general-2", "general-3"]


def test_a_private_room_is_not_betrayed_by_the_address_of_another(alice: User, mallory: User) -> None:
    hidden = create_room(actor=alice, name="Layoffs", kind="private")
    assert hidden.slug != "layoffs"
    assert create_room(actor=mallory, name="Layoffs", kind="open").slug == "layoffs"


@pytest.mark.parametrize(
    ("name", "slug"), [("Привет", "привет"), ("!!!", "room"), ("new", "new-2"), ("a" * 80, "a" * 64)]
)
def test_any_name_gives_an_address(alice: User, name: str, slug: str) -> None:
    assert create_room(actor=alice, name=name, kind="open").slug == slug


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"topic": "x" * 501}, "topic"),
        ({"kind": "direct"}, "kind"),
        ({"kind": "secret"}, "kind"),
        ({"members": [999_999]}, "members"),
        ({"members": range(2_000)}, "members"),
    ],
)
def test_what_a_room_cannot_be_is_refused(alice: User, wrong: dict[str, object], field: str) -> None:
    with refused(BadRequest, field):
        create_room(**{"actor": alice, "name": "Launch", "kind": "open"} | wrong)  # type: ignore[arg-type]


def test_who_is_disabled_is_not_brought_in(alice: User, bob: User) -> None:
    disable_user(actor=None, user_id=bob.pk)
    with refused(BadRequest, "members"):
        create_room(actor=alice, name="Launch", kind="open", members=[bob.pk])


# direct ----------------------------------------------------------------------------------------


def test_a_direct_room_is_one_for_both(alice: User, bob: User) -> None:
    with agreeing() as events:
        room = open_direct(actor=alice, other=bob)
    assert {event["type"] for event in events} == {"member.joined", "room.added"}
    peers = {
        event["stream"]: event["data"]["room"]["peer"]["username"]
        for event in events
        if "peer" in event["data"].get("room", {})
    }
    assert peers == {f"user:{alice.pk}": "bob", f"user:{bob.pk}": "alice"}
    with agreeing() as events:
        assert open_direct(actor=bob, other=alice) == room
    assert events == []


def test_one_may_talk_to_oneself(alice: User, say: Say) -> None:
    with agreeing():
        room = open_direct(actor=alice, other=alice)
    with agreeing():
        say(alice, room, "remember the milk")
    assert open_direct(actor=alice, other=alice) == room


def test_nobody_begins_to_talk_to_who_is_disabled_but_old_talks_stay(alice: User, bob: User, mallory: User) -> None:
    room = open_direct(actor=alice, other=bob)
    bob = disable_user(actor=None, user_id=bob.pk)
    assert open_direct(actor=alice, other=bob) == room
    with refused(Forbidden):
        open_direct(actor=mallory, other=bob)


# update ----------------------------------------------------------------------------------------


def test_a_room_is_renamed_and_keeps_its_address(alice: User, room: Room) -> None:
    with agreeing() as events:
        update_room(actor=alice, room_id=room.pk, name="Council", topic="Money")
    (event,) = events
    assert event["type"] == "room.updated"
    assert event["data"]["room"] == {
        "id": str(room.pk),
        "slug": "board",
        "name": "Council",
        "kind": "private",
        "topic": "Money",
        "posting": "everyone",
        "slow_seconds": 0,
        "archived": False,
        "previews": True,
    }


def test_archiving_and_opening_again_are_told(alice: User, room: Room) -> None:
    with agreeing() as events:
        update_room(actor=alice, room_id=room.pk, archived=True)
        update_room(actor=alice, room_id=room.pk, archived=False)
    assert [(event["type"], event["data"]["room"]["archived"]) for event in events] == [
        ("room.archived", True),
        ("room.updated", False),
    ]


def test_what_changes_nothing_is_no_event(alice: User, room: Room) -> None:
    with agreeing() as events:
        update_room(actor=alice, room_id=room.pk, name=room.name, archived=False)
        update_room(actor=alice, room_id=room.pk)
    assert events == []


def test_those_who_moderate_may_others_not(
    alice: User, bob: User, mallory: User, moderator: User, room: Room, open_room: Room
) -> None:
    with agreeing():
        update_room(actor=moderator, room_id=room.pk, topic="by Carol")
        update_room(actor=None, room_id=room.pk, topic="by the operator")
    with refused(Forbidden):
        update_room(actor=bob, room_id=room.pk, topic="by Bob")
    with refused(NotFound, "room"):
        update_room(actor=mallory, room_id=room.pk, topic="by Mallory")
    with refused(Forbidden):
        update_room(actor=mallory, room_id=open_room.pk, topic="by Mallory")


def test_a_direct_room_has_nothing_to_change(alice: User, bob: User) -> None:
    room = open_direct(actor=alice, other=bob)
    for actor in (alice, None):
        with refused(Forbidden):
            update_room(actor=actor, room_id=room.pk, topic="us")


def test_values_that_cannot_be_are_refused(alice: User, room: Room) -> None:
    with refused(BadRequest, "name"):
        update_room(actor=alice, room_id=room.pk, name="")
    with refused(BadRequest, "topic"):
        update_room(actor=alice, room_id=room.pk, topic="x" * 501)

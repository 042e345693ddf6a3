"""/admin/chat/room/, with the members on the page of a room."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from chat.models import Membership, Room, User
from chat.operations.membership import add_member, leave_room
from chat.operations.people import disable_user
from chat.operations.rooms import create_room, open_direct, update_room
from tests.admin.conftest import Queries, Say
from tests.admin.pages import act, form_data, listing, page, rows, text, told
from tests.conftest import person
from tests.support.snapshot import agreeing

# The list --------------------------------------------------------------------------------------


def test_rooms_are_listed_with_what_happens_in_them(desk: Client, alice: User, room: Room, say: Say) -> None:
    for _ in range(3):
        say(alice, room, "words")
    open_direct(actor=alice, other=person("zoe"))
    words = text(desk.get(listing("room")))
    assert "Board Private 2 3" in words
    assert "alice and zoe Direct 2 0 none" in words
    assert words.index("Board Private") < words.index("alice and zoe")


@pytest.mark.parametrize("search", ["board", "BOA", "bob", "money"])
def test_rooms_are_found(desk: Client, alice: User, room: Room, search: str) -> None:
    create_room(actor=alice, name="Other", kind="open")
    update_room(actor=alice, room_id=room.pk, topic="Money")
    found = desk.get(listing("room"), {"q": search})
    assert list(found.context["cl"].result_list) == [room]


def test_rooms_are_filtered(desk: Client, alice: User, bob: User, room: Room, open_room: Room) -> None:
    update_room(actor=alice, room_id=room.pk, archived=True)
    direct = open_direct(actor=alice, other=bob)
    for query, expected in [
        ("?kind__exact=open", [open_room]),
        ("?kind__exact=direct", [direct]),
        ("?archived=1", [room]),
        ("?archived=0", [open_room, direct]),
    ]:
        assert list(desk.get(listing("room", query)).context["cl"].result_list) == expected


def test_every_column_sorts(desk: Client, room: Room) -> None:
    for column in range(1, 8):
        assert rows(desk.get(listing("room"), {"o": column})) == 1


def test_the_number_of_queries_does_not_grow(queries: Queries, alice: User, bob: User, room: Room, say: Say) -> None:
    addresses = [listing("room"), listing("room", "?q=o"), page(room)]
    before = [queries(address) for address in addresses]
    for number in range(30):
        other = person(f"other{number}")
        add_member(actor=alice, room_id=room.pk, user_id=other.pk)
        create_room(actor=alice, name=f"Room {number}", kind="open", members=[other.pk])
        open_direct(actor=bob, other=other)
        say(other, room, "hello")
    assert [queries(address) for address in addresses] == before
    assert max(before) <= 10


# Make, change ----------------------------------------------------------------------------------


def test_a_room_is_made_and_one_is_asked_for_its_members(desk: Client, alice: User) -> None:
    with agreeing() as events:
        response = desk.post(
            listing("room", "add/"), {"name": "Launch day", "kind": "private", "topic": "When?"}, follow=True
        )
    room = Room.objects.get(name="Launch day")
    assert response.redirect_chain == [(page(room), 302)]
    assert "Who shall be in it?" in told(response)[0]
    assert [event["type"] for event in events] == ["member.joined", "room.added"]
    assert Membership.objects.get(room=room).user == alice


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"kind": "direct"}, "kind"),
        ({"topic": "x" * 501}, "topic"),
    ],
)
def test_a_room_that_cannot_be_is_refused_at_its_field(desk: Client, wrong: dict[str, str], field: str) -> None:
    response = desk.post(listing("room", "add/"), {"name": "Launch", "kind": "open", "topic": ""} | wrong)
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    assert not Room.objects.exists()


def test_its_rules_are_set(desk: Client, room: Room) -> None:
    rules = {"posting": "moderators", "slow_seconds": "30", "previews": ""}
    with agreeing() as events:
        desk.post(page(room), form_data(desk, page(room)) | rules)
    assert [event["type"] for event in events] == ["room.updated"]
    room.refresh_from_db()
    assert (room.posting, room.slow_seconds, room.previews) == ("moderators", 30, False)


def test_a_room_is_renamed_and_archived_and_all_hear(desk: Client, room: Room) -> None:
    data = form_data(desk, page(room)) | {"name": "Council", "topic": "Money", "archived": "on"}
    with agreeing() as events:
        response = desk.post(page(room), data, follow=True)
    assert "was changed" in told(response)[0]
    assert [(event["stream"], event["type"]) for event in events] == [(f"room:{room.pk}", "room.archived")]
    with agreeing() as events:
        desk.post(page(room), form_data(desk, page(room)) | {"archived": ""})
    assert [(event["type"], event["data"]["room"]["archived"]) for event in events] == [("room.updated", False)]


def test_what_changes_nothing_is_no_event(desk: Client, room: Room) -> None:
    with agreeing() as events:
        desk.post(page(room), form_data(desk, page(room)))
    assert events == []


def test_a_name_that_the_operation_refuses_comes_back_at_its_field(desk: Client, room: Room) -> None:
    response = desk.post(page(room), form_data(desk, page(room)) | {"topic": "a\x00b"})
    assert response.status_code == 200
    assert "topic" in response.context["adminform"].form.errors


def test_archiving_many_and_opening_them_again(
    desk: Client, alice: User, bob: User, room: Room, open_room: Room
) -> None:
    direct = open_direct(actor=alice, other=bob)
    with agreeing() as events:
        response = act(desk, "room", "archive", room, open_room, direct)
    assert {event["stream"] for event in events} == {f"room:{room.pk}", f"room:{open_room.pk}"}
    assert told(response)[0] == "Archived: 2 rooms."
    assert "a direct room has no settings" in told(response)[1]
    with agreeing() as events:
        act(desk, "room", "unarchive", room)
    assert [event["type"] for event in events] == ["room.updated"]


def test_a_direct_room_is_only_looked_at(desk: Client, alice: User, bob: User) -> None:
    room = open_direct(actor=alice, other=bob)
    response = desk.get(page(room))
    assert response.status_code == 200
    assert "bob" in text(response)
    assert 'name="_save"' not in response.content.decode()
    assert desk.post(page(room), {"name": "Us"}).status_code == 403


# Members ---------------------------------------------------------------------------------------


def row_of(data: dict[str, Any], membership: Membership) -> str:
    """The prefix of the fields of one member: `memberships-2-0`."""
    key = next(name for name, value in data.items() if name.endswith("-id") and str(value) == str(membership.pk))
    return key.removesuffix("-id")


def new_row(data: dict[str, Any]) -> str:
    """The prefix of the fields of the empty row."""
    return next(name.removesuffix("-TOTAL_FORMS") for name in data if name.endswith("-TOTAL_FORMS")) + "-0"


def membership(room: Room, user: User) -> Membership:
    return Membership.objects.live().get(room=room, user=user)


def test_the_page_shows_who_is_in(desk: Client, bob: User, mallory: User, room: Room) -> None:
    words = text(desk.get(page(room)))
    assert words.index("alice Alice") < words.index("bob Bob"), "owners first"
    assert "mallory" not in words
    leave_room(actor=bob, room_id=room.pk)
    assert "bob" not in text(desk.get(page(room)))


def test_somebody_is_brought_in(desk: Client, mallory: User, room: Room) -> None:
    data = form_data(desk, page(room))
    with agreeing() as events:
        response = desk.post(
            page(room),
            data | {f"{new_row(data)}-user": str(mallory.pk), f"{new_row(data)}-role": "moderator"},
            follow=True,
        )
    assert [(event["stream"], event["type"]) for event in events] == [
        (f"room:{room.pk}", "member.joined"),
        (f"user:{mallory.pk}", "room.added"),
    ]
    assert membership(room, mallory).role == "moderator"
    assert "was changed" in told(response)[0]
    assert LogEntry.objects.get().get_change_message() == "Added member “mallory”."


def test_a_role_is_changed(desk: Client, bob: User, room: Room) -> None:
    data = form_data(desk, page(room))
    row = row_of(data, membership(room, bob))
    with agreeing() as events:
        desk.post(page(room), data | {f"{row}-role": "moderator"})
    assert [(event["type"], event["data"]["role"]) for event in events] == [("member.updated", "moderator")]


def test_somebody_is_put_out(desk: Client, bob: User, room: Room) -> None:
    data = form_data(desk, page(room))
    row = row_of(data, membership(room, bob))
    with agreeing() as events:
        desk.post(page(room), data | {f"{row}-DELETE": "on"})
    assert [(event["stream"], event["type"]) for event in events] == [
        (f"room:{room.pk}", "member.left"),
        (f"user:{bob.pk}", "room.removed"),
        (f"user:{bob.pk}", "notification.read"),
    ]
    assert Membership.objects.filter(room=room, user=bob).exists(), "the stay is history, and stays"


def test_a_room_is_handed_over_in_one_go(desk: Client, alice: User, bob: User, room: Room) -> None:
    data = form_data(desk, page(room))
    data[f"{row_of(data, membership(room, alice))}-role"] = "member"
    data[f"{row_of(data, membership(room, bob))}-role"] = "owner"
    with agreeing():
        response = desk.post(page(room), data, follow=True)
    assert (membership(room, alice).role, membership(room, bob).role) == ("member", "owner")
    assert len(told(response)) == 1


def test_what_is_refused_is_told_and_the_rest_is_done(desk: Client, alice: User, mallory: User, room: Room) -> None:
    data = form_data(desk, page(room))
    data[f"{row_of(data, membership(room, alice))}-role"] = "member"
    data |= {f"{new_row(data)}-user": str(mallory.pk), "topic": "Money"}
    with agreeing():
        response = desk.post(page(room), data, follow=True)
    assert any("a room needs an owner" in message for message in told(response))
    assert membership(room, alice).role == "owner"
    assert membership(room, mallory)
    room.refresh_from_db()
    assert room.topic == "Money"


def test_what_somebody_else_did_meanwhile_is_told(desk: Client, bob: User, mallory: User, room: Room) -> None:
    """The form shows Bob; before it is sent, he leaves."""
    data = form_data(desk, page(room))
    row = row_of(data, membership(room, bob))
    leave_room(actor=bob, room_id=room.pk)
    for change in ({f"{row}-DELETE": "on"}, {f"{row}-role": "owner"}):
        with agreeing() as events:
            response = desk.post(page(room), data | change, follow=True)
        assert "bob: this person is not in the room" in told(response)
        assert events == []
    disable_user(actor=None, user_id=mallory.pk)
    response = desk.post(page(room), data | {f"{new_row(data)}-user": str(mallory.pk)})
    assert response.status_code == 200, "the form comes back"


def test_nobody_enters_an_archived_room(desk: Client, mallory: User, room: Room) -> None:
    data = form_data(desk, page(room)) | {"archived": "on"}
    response = desk.post(page(room), data | {f"{new_row(data)}-user": str(mallory.pk)}, follow=True)
    assert "mallory: this room is archived" in told(response)


@pytest.mark.parametrize("forged", ["999999", "x", "", "-1", "1" * 30])
def test_a_forged_row_changes_nothing(desk: Client, bob: User, room: Room, open_room: Room, forged: str) -> None:
    data = form_data(desk, page(room))
    row = row_of(data, membership(room, bob))
    for value in (forged, str(membership(open_room, bob).pk)):
        with agreeing() as events:
            response = desk.post(page(room), data | {f"{row}-id": value, f"{row}-DELETE": "on"})
        assert response.status_code in (200, 302)
        assert events == []


def test_of_a_large_room_the_page_shows_a_part_and_finds_the_rest(desk: Client, alice: User, bob: User) -> None:
    crowd = [User.objects.create_user(f"guest{number:03}") for number in range(120)]
    room = create_room(actor=alice, name="Hall", kind="open", members=[user.pk for user in crowd] + [bob.pk])
    words = text(desk.get(page(room)))
    assert "122 members, 100 at most are shown" in words
    assert "guest097" in words and "guest119" not in words

    address = page(room) + "?member=guest119"
    assert "guest119" in text(desk.get(address))
    data = form_data(desk, address)
    with agreeing() as events:
        desk.post(address, data | {f"{row_of(data, membership(room, crowd[119]))}-DELETE": "on"})
    assert [event["type"] for event in events] == ["member.left", "room.removed", "notification.read"]


# Staff who do not own ---------------------------------------------------------------------------


def test_helpers_see_the_rooms_that_they_may_see_anyway(
    helper: Client, sam: User, alice: User, bob: User, room: Room, open_room: Room
) -> None:
    direct = open_direct(actor=alice, other=bob)
    assert list(helper.get(listing("room")).context["cl"].result_list) == [open_room]
    for hidden in (room, direct):
        assert helper.get(page(hidden)).status_code == 302
        act(helper, "room", "archive", hidden)
        hidden.refresh_from_db()
        assert hidden.archived_at is None
    add_member(actor=alice, room_id=room.pk, user_id=sam.pk)
    assert helper.get(page(room)).status_code == 200

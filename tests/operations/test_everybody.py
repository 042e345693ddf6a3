"""`@room`, `@here` and `#room`."""

from __future__ import annotations

import pytest

from chat.models import Membership, Message, Room, User
from chat.operations import everybody
from chat.operations.membership import add_member, mark_read
from chat.operations.messages import delete_message, edit_message
from chat.operations.rooms import update_room
from chat.web.places import places
from tests.operations.conftest import Say
from tests.support.snapshot import agreeing


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms of more than two are large."""
    monkeypatch.setattr(everybody, "MOST_MEMBERS", 2)


def mentions(user: User, room: Room) -> int:
    """As the server counts them, in both places."""
    counted = Membership.objects.live().with_unread().get(user=user, room=room).mentions  # type: ignore[attr-defined]
    (place,) = (place for place in places(user.pk) if place.id == str(room.pk))
    assert place.mentions == counted
    return int(counted)


@pytest.mark.parametrize("kind", ["room", "here"])
def test_all_but_who_says_it_are_mentioned(alice: User, bob: User, room: Room, say: Say, kind: str) -> None:
    with agreeing() as events:
        message = say(alice, room, f"@{kind} lunch!")
    assert events[0]["data"]["everybody"] == kind
    assert message.everybody == kind
    assert f'data-everybody="{kind}">@{kind}</span>' in message.html
    assert (mentions(bob, room), mentions(alice, room)) == (1, 0)
    mark_read(user=bob, room_id=room.pk, seq=message.seq)
    assert mentions(bob, room) == 0


def test_a_message_counts_once(alice: User, bob: User, room: Room, say: Say) -> None:
    say(alice, room, "@room and @bob")
    assert mentions(bob, room) == 1
    say(alice, room, "@bob")
    assert mentions(bob, room) == 2


def test_somebody_who_is_called_so_is_meant(alice: User, bob: User, room: Room, say: Say) -> None:
    here = User.objects.create_user("here")
    add_member(actor=alice, room_id=room.pk, user_id=here.pk)
    assert say(alice, room, "@here").everybody is None
    assert (mentions(here, room), mentions(bob, room)) == (1, 0)


def test_in_a_large_room_only_moderators_call_everybody(
    alice: User, bob: User, carol: User, room: Room, say: Say, small: None
) -> None:
    add_member(actor=alice, room_id=room.pk, user_id=carol.pk)
    message = say(bob, room, "@room and **@here**")
    assert message.everybody is None
    assert message.html == "<p>@room and <strong>@here</strong></p>"
    assert mentions(carol, room) == 0
    assert say(alice, room, "@room").everybody == "room"
    assert (mentions(carol, room), mentions(bob, room)) == (1, 1)


def test_a_thread_is_not_everybodys(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(bob, room, "Lunch?")
    reply = say(alice, room, "@room", thread=root)
    assert (reply.everybody, reply.html) == (None, "<p>@room</p>")
    assert mentions(bob, room) == 0


def test_an_edit_calls_and_takes_back(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "lunch!")
    with agreeing() as events:
        edit_message(actor=alice, message_id=message.pk, body="@room lunch!")
    assert events[0]["data"]["everybody"] == "room"
    assert mentions(bob, room) == 1
    edit_message(actor=alice, message_id=message.pk, body="lunch")
    assert mentions(bob, room) == 0
    edit_message(actor=alice, message_id=message.pk, body="@here")
    delete_message(actor=alice, message_id=message.pk)
    assert mentions(bob, room) == 0
    assert Message.objects.get(pk=message.pk).everybody is None


def test_an_edit_in_a_large_room_calls_nobody(
    alice: User, bob: User, carol: User, room: Room, say: Say, small: None
) -> None:
    add_member(actor=alice, room_id=room.pk, user_id=carol.pk)
    message = say(bob, room, "lunch!")
    edit_message(actor=bob, message_id=message.pk, body="@room lunch!")
    assert Message.objects.get(pk=message.pk).html == "<p>@room lunch!</p>"
    assert mentions(carol, room) == 0


def test_open_rooms_are_linked_and_others_stay_text(alice: User, room: Room, open_room: Room, say: Say) -> None:
    link = '<a class="room-link" href="/rooms/design/" target="_blank" rel="noopener nofollow ugc">#design</a>'
    assert say(alice, room, "see #design, not #board").html == f"<p>see {link}, not #board</p>"
    assert say(alice, room, "**#Design**").html == f"<p><strong>{link.replace('#design', '#Design')}</strong></p>"
    update_room(actor=alice, room_id=open_room.pk, name="Another name")
    assert link in say(alice, room, "#design").html

"""edit_message, delete_message."""

from __future__ import annotations

import pytest

from chat.models import Event, Mention, Message, Room, User
from chat.operations.membership import leave_room
from chat.operations.messages import delete_message, edit_message
from chat.operations.rooms import update_room
from chat.protocol.errors import BadRequest, Forbidden, NotFound, TooLarge
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import Snapshot, agreeing, events_since

# edit ------------------------------------------------------------------------------------------


def test_an_edit_gives_other_words_and_tells_them(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "helo")
    with agreeing() as events:
        seq = edit_message(actor=alice, message_id=message.pk, body="*hello*")
    (event,) = events
    assert (event["type"], event["seq"]) == ("message.edited", seq)
    assert event["data"]["seq"] == message.seq
    assert event["data"]["html"] == "<p><em>hello</em></p>"
    assert Message.objects.get(pk=message.pk).body == "*hello*"


def test_the_same_words_again_are_no_event(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "hello")
    with agreeing() as events:
        assert edit_message(actor=alice, message_id=message.pk, body="hello") == message.seq
    assert events == []
    seq = edit_message(actor=alice, message_id=message.pk, body="hello!")
    assert edit_message(actor=alice, message_id=message.pk, body="hello!") == seq


def test_an_edit_changes_who_is_mentioned(alice: User, bob: User, moderator: User, room: Room, say: Say) -> None:
    message = say(alice, room, "@bob look")
    with agreeing() as events:
        edit_message(actor=alice, message_id=message.pk, body="@carol look")
    assert events[0]["data"]["mentions"] == [str(moderator.pk)]
    with agreeing():
        edit_message(actor=alice, message_id=message.pk, body="look")
    assert not Mention.objects.exists()


def test_only_the_sender_edits(bob: User, alice: User, mallory: User, room: Room, say: Say) -> None:
    message = say(bob, room, "mine")
    with refused(Forbidden):
        edit_message(actor=alice, message_id=message.pk, body="yours")
    with refused(NotFound, "message"):
        edit_message(actor=mallory, message_id=message.pk, body="yours")
    with refused(NotFound, "message"):
        edit_message(actor=bob, message_id=1, body="yours")


def test_who_has_left_edits_no_more(bob: User, room: Room, say: Say) -> None:
    message = say(bob, room, "mine")
    leave_room(actor=bob, room_id=room.pk)
    with refused(NotFound, "message"):
        edit_message(actor=bob, message_id=message.pk, body="still mine")


def test_nothing_is_edited_in_an_archived_room(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "hello")
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden, "room"):
        edit_message(actor=alice, message_id=message.pk, body="goodbye")


def test_an_edit_is_a_body_like_any_other(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "hello")
    with refused(BadRequest, "body"):
        edit_message(actor=alice, message_id=message.pk, body=" ")
    with refused(TooLarge, "body"):
        edit_message(actor=alice, message_id=message.pk, body="x" * 16_001)


# delete ----------------------------------------------------------------------------------------


def test_a_delete_keeps_the_number_and_tells(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(bob, room, "@alice secret")
    with agreeing() as events:
        seq = delete_message(actor=bob, message_id=message.pk)
    read, event = events
    assert (read["type"], read["stream"]) == ("notification.read", f"user:{alice.pk}")
    assert (event["type"], event["seq"]) == ("message.deleted", seq)
    assert event["data"]["sender"] == str(bob.pk)
    row = Message.objects.get(pk=message.pk)
    assert (row.body, row.html, row.seq) == ("", "", message.seq)
    assert row.deleted_at is not None
    assert not Mention.objects.exists()


def test_a_delete_drops_the_words_from_every_event(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "the secret word, @bob")
    kept = say(alice, room, "an innocent one")
    for words in ("the secret sword", "no secret at all"):
        edit_message(actor=alice, message_id=message.pk, body=words)
    edit_message(actor=alice, message_id=kept.pk, body="innocent")
    delete_message(actor=alice, message_id=message.pk)

    payloads = list(Event.objects.values_list("payload", flat=True))
    assert not [payload for payload in payloads if "secret" in payload]
    assert [payload for payload in payloads if "innocent one" in payload]


def test_a_replay_over_a_delete_ends_where_history_stands(alice: User, bob: User, room: Room, say: Say) -> None:
    before = Snapshot.take()
    message = say(alice, room, "@bob look")
    edit_message(actor=alice, message_id=message.pk, body="@bob, look!")
    say(bob, room, "yes", reply_to=message)
    delete_message(actor=alice, message_id=message.pk)
    for event in events_since(before.heads):
        before.apply(event)
    now = Snapshot.take()
    assert before.messages == now.messages
    assert before.places[str(bob.pk), str(room.pk)]["mentions"] == 0


def test_those_who_moderate_delete_what_others_wrote(
    bob: User, alice: User, moderator: User, room: Room, say: Say
) -> None:
    for actor in (alice, moderator):
        message = say(bob, room, "rude")
        with agreeing():
            delete_message(actor=actor, message_id=message.pk)


def test_members_and_outsiders_do_not(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    message = say(alice, room, "stays")
    with refused(Forbidden):
        delete_message(actor=bob, message_id=message.pk)
    with refused(NotFound, "message"):
        delete_message(actor=mallory, message_id=message.pk)


def test_what_is_deleted_is_gone(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "once")
    delete_message(actor=alice, message_id=message.pk)
    with refused(NotFound, "message"):
        delete_message(actor=alice, message_id=message.pk)
    with refused(NotFound, "message"):
        edit_message(actor=alice, message_id=message.pk, body="again")


def test_nothing_is_deleted_in_an_archived_room(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "hello")
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden, "room"):
        delete_message(actor=alice, message_id=message.pk)


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_the_operator_may(bob: User, room: Room, say: Say, act: str) -> None:
    message = say(bob, room, "mine")
    with agreeing():
        if act == "edit":
            edit_message(actor=None, message_id=message.pk, body="theirs")
        else:
            delete_message(actor=None, message_id=message.pk)

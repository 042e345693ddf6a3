"""react."""

from __future__ import annotations

import pytest

from chat.models import Message, Room, User
from chat.operations import reactions
from chat.operations.messages import delete_message
from chat.operations.reactions import react
from chat.operations.rooms import update_room
from chat.protocol import emoji
from chat.protocol.errors import BadRequest, Forbidden, NotFound, RateLimited
from chat.streams.rates import SlidingWindow
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def test_a_reaction_is_kept_and_told(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "We did it")
    with agreeing() as events:
        first = react(actor=bob, message_id=message.pk, emoji="🎉", on=True)
        react(actor=alice, message_id=message.pk, emoji="👍🏽", on=True)
        react(actor=alice, message_id=message.pk, emoji="🎉", on=True)
    assert [event["type"] for event in events] == ["reaction.added"] * 3
    assert (events[0]["seq"], events[0]["data"]["user"]["username"]) == (first, "bob")
    assert Message.objects.get(pk=message.pk).reactions == [["🎉", [bob.pk, alice.pk]], ["👍🏽", [alice.pk]]]


def test_a_reaction_is_taken_back(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "We did it")
    for user in (alice, bob):
        react(actor=user, message_id=message.pk, emoji="🎉", on=True)
    with agreeing() as events:
        react(actor=alice, message_id=message.pk, emoji="🎉", on=False)
        react(actor=bob, message_id=message.pk, emoji="🎉", on=False)
    assert [event["type"] for event in events] == ["reaction.removed"] * 2
    assert Message.objects.get(pk=message.pk).reactions is None


def test_what_changes_nothing_is_no_event(alice: User, room: Room, say: Say) -> None:
    message = say(alice, room, "We did it")
    with agreeing() as events:
        assert react(actor=alice, message_id=message.pk, emoji="❤️", on=False) == message.seq
        seq = react(actor=alice, message_id=message.pk, emoji="❤️", on=True)
        assert react(actor=alice, message_id=message.pk, emoji="❤", on=True) == seq
    assert len(events) == 1


@pytest.mark.parametrize("text", ["", "x", ":tada:", "🎉🎉", "\0"])
def test_only_an_emoji_will_do(alice: User, room: Room, say: Say, text: str) -> None:
    message = say(alice, room, "We did it")
    with refused(BadRequest, "emoji"):
        react(actor=alice, message_id=message.pk, emoji=text, on=True)


def test_a_message_has_so_many_emoji_and_no_more(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "We did it")
    some = [each for each, *_ in emoji._rows()[:41]]
    for each in some[:40]:
        reactions.reactions_limit._acts.clear()
        react(actor=alice, message_id=message.pk, emoji=each, on=True)
    with refused(BadRequest, "emoji"):
        react(actor=alice, message_id=message.pk, emoji=some[40], on=True)
    react(actor=bob, message_id=message.pk, emoji=some[39], on=True)


def test_an_outsider_does_not_react(alice: User, mallory: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Ours")
    react(actor=alice, message_id=message.pk, emoji="👍", on=True)
    with refused(NotFound, "message"):
        react(actor=mallory, message_id=message.pk, emoji="👍", on=True)


def test_nobody_reacts_to_what_is_deleted_or_in_an_archived_room(alice: User, room: Room, say: Say) -> None:
    gone, kept = say(alice, room, "Gone"), say(alice, room, "Kept")
    react(actor=alice, message_id=gone.pk, emoji="👍", on=True)
    with agreeing():
        delete_message(actor=alice, message_id=gone.pk)
    assert Message.objects.get(pk=gone.pk).reactions is None
    with refused(NotFound, "message"):
        react(actor=alice, message_id=gone.pk, emoji="👍", on=True)
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden):
        react(actor=alice, message_id=kept.pk, emoji="👍", on=True)


def test_reactions_are_counted(alice: User, room: Room, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    message = say(alice, room, "We did it")
    monkeypatch.setattr(reactions, "reactions_limit", SlidingWindow(2, 10, "reactions"))
    react(actor=alice, message_id=message.pk, emoji="👍", on=True)
    react(actor=alice, message_id=message.pk, emoji="👍", on=False)
    with refused(RateLimited):
        react(actor=alice, message_id=message.pk, emoji="👍", on=True)

"""What edits keep of the words before, and who may see it."""

from __future__ import annotations

import pytest

from chat.models import Message, MessageRevision, Room, User
from chat.operations.messages import delete_message, edit_message
from chat.operations.revisions import message_with_history
from chat.protocol.errors import NotFound
from tests.operations.conftest import Say


@pytest.fixture
def message(bob: User, room: Room, say: Say) -> Message:
    return say(bob, room, "helo")


def words(message: Message) -> list[tuple[str, str, str]]:
    rows = MessageRevision.objects.filter(message=message).order_by("pk").select_related("editor")
    return [(row.body, row.html, row.editor.username) for row in rows]


def test_the_first_edit_keeps_both_and_later_ones_what_they_say(bob: User, message: Message) -> None:
    edit_message(actor=bob, message_id=message.pk, body="hello")
    assert words(message) == [("helo", "<p>helo</p>", "bob"), ("hello", "<p>hello</p>", "bob")]
    edit_message(actor=bob, message_id=message.pk, body="**hello**")
    assert words(message)[2:] == [("**hello**", "<p><strong>hello</strong></p>", "bob")]
    first, *_, last = MessageRevision.objects.filter(message=message).order_by("pk")
    message.refresh_from_db()
    assert (first.at, last.at) == (message.created_at, message.edited_at)


def test_the_same_words_again_are_no_revision(bob: User, message: Message) -> None:
    edit_message(actor=bob, message_id=message.pk, body="helo")
    assert words(message) == []


def test_deleted_words_are_gone_here_too(bob: User, message: Message) -> None:
    edit_message(actor=bob, message_id=message.pk, body="hello")
    delete_message(actor=bob, message_id=message.pk)
    assert not MessageRevision.objects.exists()
    with pytest.raises(NotFound):
        message_with_history(bob, message.pk)


def test_its_author_and_those_who_moderate_see_it(alice: User, bob: User, moderator: User, message: Message) -> None:
    for who in (alice, bob, moderator):
        assert message_with_history(who, message.pk) == message


def test_members_and_outsiders_find_nothing(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    message = say(alice, room, "hers")
    for who in (bob, mallory):
        with pytest.raises(NotFound):
            message_with_history(who, message.pk)

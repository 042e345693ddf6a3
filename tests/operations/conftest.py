"""The cast at work: Alice owns the room, Bob is in it, Mallory is not. Carol moderates where a test needs it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from chat.models import Message, Room, User
from chat.operations import posting, reactions
from chat.operations.membership import add_member
from chat.operations.people import make_owner
from chat.operations.posting import post_message
from chat.operations.rooms import create_room

Say = Callable[..., Message]


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """No test inherits what another one posted."""
    for limit in (posting.posts_limit, reactions.reactions_limit):
        limit._acts.clear()


@pytest.fixture
def owner(alice: User) -> User:
    """Alice, who owns the Parley, too."""
    return make_owner(actor=None, user_id=alice.pk)


@pytest.fixture
def carol(db: None) -> User:
    return User.objects.create_user("carol", name="Carol")


@pytest.fixture
def moderator(room: Room, carol: User) -> User:
    """Carol, who moderates the room."""
    add_member(actor=None, room_id=room.pk, user_id=carol.pk, role="moderator")
    return carol


@pytest.fixture
def open_room(alice: User, bob: User) -> Room:
    """An open room that Alice owns and Bob is in."""
    return create_room(actor=alice, name="Design", kind=Room.Kind.OPEN, members=[bob.pk])


@pytest.fixture
def say() -> Say:
    """`say(alice, room, "Hello")` posts."""

    def post(
        sender: User, room: Room, body: str, reply_to: Message | None = None, thread: Message | None = None
    ) -> Message:
        posted = post_message(
            sender=sender,
            room_id=room.pk,
            client_id=uuid.uuid4(),
            body=body,
            reply_to=reply_to.pk if reply_to else None,
            thread=thread.pk if thread else None,
        )
        return Message.objects.get(pk=posted.message_id)

    return post

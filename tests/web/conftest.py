"""The cast in the database: Alice owns the place and the room, Bob is in it, Mallory is not."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from chat.models import Message, Room, User
from chat.operations import drafts, posting
from chat.operations.people import create_user
from chat.operations.rooms import create_room

PASSWORD = "a long enough word"

SignedIn = Callable[[User], Client]
Say = Callable[..., Message]


@pytest.fixture(autouse=True)
def nothing_cached() -> None:
    cache.clear()


@pytest.fixture
def alice(db: None) -> User:
    owner = {"is_staff": True, "is_superuser": True}
    return create_user(actor=None, username="alice", password=PASSWORD, name="Alice Adams", **owner)


@pytest.fixture
def bob(alice: User) -> User:
    return create_user(actor=None, username="bob", password=PASSWORD, name="Bob", email="bob@example.org")


@pytest.fixture
def mallory(alice: User) -> User:
    return create_user(actor=None, username="mallory", password=PASSWORD)


@pytest.fixture
def room(alice: User, bob: User) -> Room:
    room = create_room(actor=alice, name="Board", kind="private", topic="Money", members=[bob.pk])
    room.slug = "board"  # without the random end that private ones have
    room.save()
    return room


@pytest.fixture
def open_room(alice: User) -> Room:
    return create_room(actor=alice, name="Design", kind="open", topic="How it looks")


@pytest.fixture
def signed_in() -> SignedIn:
    """`signed_in(alice)` is a browser in which she has signed in by the page."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
        assert "_auth_user_id" in client.session
        return client

    return sign_in


@pytest.fixture
def say() -> Say:
    """`say(alice, room, "Hello")` posts a message."""

    def post(sender: User, room: Room, body: str, reply_to: Message | None = None) -> Message:
        draft = drafts.draft(
            sender_id=sender.pk,
            room_id=room.pk,
            client_id=uuid.uuid4(),
            body=body,
            reply_to=reply_to.pk if reply_to else None,
        )
        (posted,) = posting.commit_posts([draft])
        assert isinstance(posted, posting.Posted)
        return Message.objects.get(pk=posted.message_id)

    return post

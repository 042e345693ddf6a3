"""/threads/, and /rooms/…/<message>/thread/."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.models import Message, Room, User
from chat.operations.messages import delete_message
from chat.operations.posting import post_message
from chat.operations.rooms import open_direct
from tests.web.conftest import SignedIn


def say(sender: User, room: Room, body: str, thread: Message | None = None) -> Message:
    posted = post_message(
        sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body, thread=thread.pk if thread else None
    )
    return Message.objects.get(pk=posted.message_id)


@pytest.fixture
def as_alice(signed_in: SignedIn, alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(signed_in: SignedIn, bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_mallory(signed_in: SignedIn, mallory: User) -> Client:
    return signed_in(mallory)


@pytest.fixture
def root(alice: User, bob: User, room: Room) -> Message:
    message = say(alice, room, "Where shall **we** eat?")
    say(bob, room, "At noon, @alice", message)
    return message


def text(client: Client, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == status, path
    return b"".join(response).decode()


def test_threads_that_one_follows_are_listed_unread_ones_first(
    as_alice: Client, alice: User, bob: User, room: Room, root: Message
) -> None:
    other = say(alice, room, "Something read")
    say(alice, room, "mine", other)
    page = text(as_alice, "/threads/")
    assert page.index("Where shall we eat?") < page.index("Something read")
    assert f"/rooms/{room.slug}/{root.pk}/thread/" in page
    assert "1 reply, last" in page and "@1" in page


def test_the_list_says_what_a_thread_is_while_there_is_none(as_bob: Client, room: Room) -> None:
    assert "No threads yet" in text(as_bob, "/threads/")


def test_a_thread_of_a_direct_talk_is_found_by_the_other_person(as_alice: Client, alice: User, bob: User) -> None:
    talk = open_direct(actor=alice, other=bob)
    root = say(bob, talk, "Psst")
    say(alice, talk, "Yes?", root)
    assert f"/people/bob/{root.pk}/thread/" in text(as_alice, "/threads/")
    assert "Yes?" in text(as_alice, f"/people/bob/{root.pk}/thread/")


def test_the_room_shows_the_root_and_not_the_replies(as_alice: Client, room: Room, root: Message) -> None:
    page = text(as_alice, f"/rooms/{room.slug}/")
    assert "1 reply" in page and "At noon" not in page


def test_a_thread_is_shown_beside_its_room_or_alone(as_alice: Client, room: Room, root: Message) -> None:
    path = f"/rooms/{room.slug}/{root.pk}/thread/"
    page = text(as_alice, path)
    assert 'data-view="room"' in page and f'data-thread="{root.pk}"' in page and "At noon" in page
    panel = text(as_alice, path, **{"X-Parley-Fragment": "panel"})
    assert panel.startswith("<aside") and "At noon" in panel
    assert panel.count(f'id="message-{root.pk}"') == 0


def test_the_address_of_a_reply_shows_its_thread(as_alice: Client, room: Room, root: Message) -> None:
    reply = Message.objects.in_thread(root.pk).get()
    page = text(as_alice, f"/rooms/{room.slug}/{reply.pk}/")
    assert f'data-thread="{root.pk}"' in page and f'data-focus="{reply.pk}"' in page


def test_a_reply_that_is_refused_comes_back_in_the_thread(as_alice: Client, room: Room, root: Message) -> None:
    path = f"/rooms/{room.slug}/{root.pk}/thread/"
    response = as_alice.post(path, {"id": str(uuid.uuid4()), "body": "   "})
    page = b"".join(response).decode()
    assert f'data-thread="{root.pk}"' in page and "body is empty" in page.lower()
    assert as_alice.post(path, {"id": str(uuid.uuid4()), "body": "One"}).headers["Location"] == path


def test_there_is_no_thread_of_a_reply_or_of_what_was_deleted_or_is_elsewhere(
    as_alice: Client, alice: User, bob: User, room: Room, root: Message
) -> None:
    gone = say(alice, room, "Gone")
    delete_message(actor=alice, message_id=gone.pk)
    elsewhere = say(alice, open_direct(actor=alice, other=bob), "Hi")
    reply = Message.objects.in_thread(root.pk).get()
    for message in (gone, elsewhere, reply):
        text(as_alice, f"/rooms/{room.slug}/{message.pk}/thread/", 404)


def test_an_outsider_finds_no_thread(as_alice: Client, as_mallory: Client, room: Room, root: Message) -> None:
    path = f"/rooms/{room.slug}/{root.pk}/thread/"
    text(as_alice, path)
    text(as_mallory, path, 404)
    assert as_mallory.post(path, {"id": str(uuid.uuid4()), "body": "me, too"}).status_code == 404
    assert "Where shall" not in text(as_mallory, "/threads/")

"""Reads with the names of the domain, each answered by an index."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from chat.models import Login, Membership, Mention, Message, Room, User, Workspace, message_id
from chat.operations.membership import leave_room
from chat.operations.rooms import create_room, open_direct


@pytest.fixture
def said(alice: User, bob: User, room: Room) -> list[Message]:
    """Ten messages with numbers 11 to 20, by Alice and Bob in turn; 15 is deleted."""
    now = timezone.now()
    return Message.objects.bulk_create(
        Message(
            id=message_id(room.pk, seq),
            room=room,
            seq=seq,
            sender=alice if seq % 2 else bob,
            client_id=uuid.uuid4(),
            digest=b"",
            body=str(seq),
            created_at=now,
            deleted_at=now if seq == 15 else None,
        )
        for seq in range(11, 21)
    )


def numbers(messages: list[Message]) -> list[int]:
    return [message.seq for message in messages]


def test_pages_of_history_stand_oldest_first(room: Room, said: list[Message]) -> None:
    history = Message.objects.in_room(room)
    assert numbers(history.newest(3)) == [18, 19, 20]
    assert numbers(history.page_before(14, 2)) == [12, 13]
    assert numbers(history.page_after(17, 2)) == [18, 19]
    assert numbers(history.page_around(15, 4)) == [13, 14, 15, 16]
    assert numbers(history.page_around(11, 4)) == [11, 12]
    assert numbers(history.page_before(11, 5)) == []


def test_messages_are_seen_by_those_who_are_in(
    alice: User, bob: User, mallory: User, room: Room, said: list[Message]
) -> None:
    assert Message.objects.visible_to(bob).count() == 10
    assert Message.objects.visible_to(mallory).count() == 0
    leave_room(actor=bob, room_id=room.pk)
    assert Message.objects.visible_to(bob).count() == 0


def test_rooms_are_seen_by_those_who_are_in_and_open_ones_by_all(
    alice: User, bob: User, mallory: User, room: Room
) -> None:
    hall = create_room(actor=alice, name="Hall", kind="open")
    direct = open_direct(actor=alice, other=bob)
    assert set(Room.objects.visible_to(bob)) == {room, hall, direct}
    assert set(Room.objects.of_member(bob)) == {room, direct}
    assert set(Room.objects.visible_to(mallory)) == {hall}
    leave_room(actor=bob, room_id=room.pk)
    assert set(Room.objects.visible_to(bob)) == {hall, direct}
    assert direct.peer_id(alice.pk) == bob.pk and direct.peer_id(bob.pk) == alice.pk


def test_unread_is_what_others_wrote_since_without_what_was_deleted(
    alice: User, bob: User, room: Room, said: list[Message]
) -> None:
    Membership.objects.filter(user=bob).update(read_seq=13)
    Mention.objects.bulk_create(Mention(message=said[n], user=bob, room=room, seq=said[n].seq) for n in (0, 5, 6))
    counts = Membership.objects.live().with_unread().get(user=bob, room=room)
    assert (counts.unread, counts.mentions) == (2, 2)  # 17 and 19; 16 and 17
    counts = Membership.objects.live().with_unread().get(user=alice, room=room)
    assert counts.unread == 5


def test_mentions_of_many_messages_are_one_query(
    alice: User, bob: User, room: Room, said: list[Message], django_assert_num_queries: object
) -> None:
    Mention.objects.bulk_create(Mention(message=said[0], user=user, room=room, seq=11) for user in (bob, alice))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert Mention.objects.by_message(said) == {said[0].pk: [bob.pk, alice.pk]}


def test_a_login_is_live_until_it_ends_or_its_owner_is_disabled(bob: User) -> None:
    login = Login.objects.create(user=bob, kind="session")
    assert login in Login.objects.live()
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert login not in Login.objects.live()
    User.objects.filter(pk=bob.pk).update(is_active=True)
    Login.objects.filter(pk=login.pk).update(revoked_at=timezone.now())
    assert login not in Login.objects.live()


def test_a_persons_and_a_rooms_number_is_their_streams(alice: User, room: Room) -> None:
    assert (alice.stream.name, room.stream.name) == (f"user:{alice.pk}", f"room:{room.pk}")


def test_the_workspace_is_made_when_first_asked_for(db: None) -> None:
    assert len(Workspace.current().epoch) == 32
    assert Workspace.current().epoch == Workspace.current().epoch


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of ten rows whole, and rightly")
def test_history_is_read_from_an_index_whatever_its_length(room: Room, said: list[Message]) -> None:
    history = Message.objects.in_room(room)
    for page in (history.order_by("-seq")[:50], history.before(15)[:50], history.after(15)[:50]):
        plan = page.explain()
        assert "USING INDEX" in plan and "SCAN" not in plan and "TEMP B-TREE" not in plan, plan
    plan = Membership.objects.filter(user=1).with_unread().explain()
    assert "COVERING INDEX message_of_room (room_id=? AND seq>?)" in plan, plan
    assert "INDEX mention_unread (user_id=? AND room_id=? AND seq>?)" in plan, plan
    assert "SCAN chat" not in plan, plan

"""Posts to a thread, follow_thread, read_thread."""

from __future__ import annotations

import uuid

from pytest_django import DjangoAssertNumQueries

from chat.models import Membership, Message, Room, ThreadFollower, User
from chat.operations.drafts import draft
from chat.operations.membership import add_member, leave_room
from chat.operations.messages import delete_message, edit_message
from chat.operations.posting import post_message
from chat.operations.replying import Threads
from chat.operations.threads import follow_thread, read_thread
from chat.protocol.errors import BadRequest, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def followers(root: Message) -> dict[str, tuple[int, int]]:
    """User name → (unread, mentions)."""
    rows = ThreadFollower.objects.following().filter(root=root).with_unread().select_related("user")
    return {row.user.username: (row.unread, row.mentions) for row in rows}  # type: ignore[attr-defined]


def unread(user: User, room: Room) -> tuple[int, int]:
    row = Membership.objects.live().with_unread().get(user=user, room=room)
    return row.unread, row.mentions  # type: ignore[attr-defined]


# Replies ---------------------------------------------------------------------------------------


def test_a_reply_stands_in_its_thread_and_its_root_tells_of_it(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    with agreeing() as events:
        reply = say(bob, room, "Noon", thread=root)
        say(alice, room, "Fine", thread=root)
    assert (events[0]["type"], events[0]["data"]["thread"]) == ("message.posted", str(root.pk))
    assert events[0]["data"]["followers"] == [str(alice.pk), str(bob.pk)]
    assert [*Message.objects.in_timeline()] == [root]
    assert Message.objects.in_thread(root.pk).first() == reply
    root.refresh_from_db()
    assert root.thread_replies is not None
    assert (root.thread_replies["count"], root.thread_replies["users"]) == (2, [bob.pk, alice.pk])


def test_a_reply_is_unread_in_its_thread_and_not_in_the_room(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    before = unread(alice, room), unread(bob, room)
    with agreeing():
        say(bob, room, "Noon, @alice", thread=root)
    assert (unread(alice, room), unread(bob, room)) == before
    assert followers(root) == {"alice": (1, 1), "bob": (0, 0)}


def test_whoever_is_named_in_a_thread_follows_it(alice: User, moderator: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    with agreeing():
        say(alice, room, "@carol?", thread=root)
        say(alice, room, "@mallory?", thread=root)
    assert followers(root) == {"alice": (0, 0), "carol": (2, 1)}


def test_five_who_replied_first_are_told(alice: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Who is in?")
    people = [User.objects.create_user(f"person{number}") for number in range(7)]
    for person in people:
        add_member(actor=None, room_id=room.pk, user_id=person.pk)
    with agreeing():
        for person in people:
            say(person, room, "Me", thread=root)
    root.refresh_from_db()
    assert root.thread_replies is not None
    assert (root.thread_replies["count"], root.thread_replies["users"]) == (7, [each.pk for each in people[:5]])


def test_deleting_and_editing_replies(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    reply, other = say(bob, room, "@alice noon", thread=root), say(bob, room, "or one", thread=root)
    with agreeing():
        edit_message(actor=bob, message_id=reply.pk, body="noon")
        edit_message(actor=bob, message_id=other.pk, body="or one, @alice")
        delete_message(actor=bob, message_id=reply.pk)
    assert followers(root) == {"alice": (1, 1), "bob": (0, 0)}
    with agreeing():
        delete_message(actor=alice, message_id=root.pk)
        say(bob, room, "still there?", thread=root)
        delete_message(actor=bob, message_id=other.pk)
    assert followers(root) == {"alice": (1, 0), "bob": (0, 0)}


def test_a_thread_begins_with_a_message_of_the_room(
    alice: User, bob: User, mallory: User, room: Room, open_room: Room, say: Say
) -> None:
    root, elsewhere, gone = say(alice, room, "Lunch?"), say(alice, open_room, "Hi"), say(alice, room, "Gone")
    delete_message(actor=alice, message_id=gone.pk)
    reply = say(bob, room, "Noon", thread=root)
    for thread in (elsewhere, gone):
        with refused(NotFound, "thread"):
            say(alice, room, "Here?", thread=thread)
    with refused(BadRequest, "thread"):
        say(alice, room, "Deeper", thread=reply)
    with refused(NotFound, "room"):
        say(mallory, room, "Me, too", thread=root)


def test_who_replies_has_read_the_thread(alice: User, bob: User, moderator: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    Membership.objects.filter(user=alice).update(level=Membership.Level.NOTHING)
    with agreeing() as events:
        say(bob, room, "Noon, @alice, @carol", thread=root)
        reply = say(alice, room, "Fine, says @alice", thread=root)
        say(bob, room, "Or one?", thread=root)
        say(moderator, room, "One", thread=root)
    assert followers(root) == {"alice": (2, 0), "bob": (1, 0), "carol": (0, 0)}
    assert ThreadFollower.objects.get(root=root, user=alice).read_seq == reply.seq
    read = [event for event in events if event["type"] == "notification.read"]
    assert [event["stream"] for event in read] == [f"user:{bob.pk}", f"user:{moderator.pk}"]
    with agreeing():
        read_thread(actor=alice, room_id=room.pk, message_id=root.pk, seq=reply.seq - 1, unread=True)
        say(alice, room, "Done", thread=root)
    assert followers(root)["alice"] == (0, 0)


def test_a_repeat_gives_the_first_answer(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    sent = {"sender": bob, "room_id": room.pk, "client_id": uuid.uuid4(), "body": "Noon", "thread": root.pk}
    with agreeing() as events:
        first, again = post_message(**sent), post_message(**sent)
    assert (again.message_id, again.repeated) == (first.message_id, True)
    assert [event["type"] for event in events] == ["message.posted", "notification.created"]


# Following -------------------------------------------------------------------------------------


def test_one_follows_and_hears_no_more(alice: User, bob: User, moderator: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    say(bob, room, "Noon", thread=root)
    with agreeing() as events:
        follow_thread(actor=moderator, message_id=root.pk, on=True)
        follow_thread(actor=moderator, message_id=root.pk, on=True)
        follow_thread(actor=alice, message_id=root.pk, on=False)
        say(bob, room, "@alice, or one?", thread=root)
    types = [event["type"] for event in events if event["type"] != "notification.created"]
    assert types == ["thread.updated", "thread.updated", "message.posted"]
    assert followers(root) == {"bob": (0, 0), "carol": (1, 0)}
    with agreeing():
        say(alice, room, "One", thread=root)
    assert followers(root) == {"alice": (0, 0), "bob": (1, 0), "carol": (2, 0)}


def test_one_follows_again_where_one_was(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    say(bob, room, "Noon", thread=root)
    with agreeing():
        follow_thread(actor=alice, message_id=root.pk, on=False)
        say(bob, room, "Or one?", thread=root)
        follow_thread(actor=alice, message_id=root.pk, on=True)
    assert followers(root)["alice"] == (2, 0)


def test_only_who_sees_a_thread_follows_it(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    reply = say(bob, room, "Noon", thread=root)
    with refused(NotFound, "thread"):
        follow_thread(actor=mallory, message_id=root.pk, on=True)
    with refused(BadRequest, "thread"):
        follow_thread(actor=alice, message_id=reply.pk, on=True)
    assert ThreadFollower.objects.of_member(bob).count() == 1
    leave_room(actor=bob, room_id=room.pk)
    assert ThreadFollower.objects.of_member(bob).count() == 0


# Reading ---------------------------------------------------------------------------------------


def test_a_thread_is_read_and_marked_unread(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    first, second = say(bob, room, "Noon", thread=root), say(bob, room, "Or one?", thread=root)
    place = {"actor": alice, "room_id": room.pk, "message_id": root.pk}
    with agreeing() as events:
        read_thread(**place, seq=first.seq)
        read_thread(**place, seq=second.seq + 100)
        read_thread(**place, seq=first.seq)
    assert [event["data"]["unread"] for event in events if event["type"] == "thread.updated"] == [1, 0]
    with agreeing() as events:
        read_thread(**place, seq=first.seq, unread=True)
    assert followers(root)["alice"] == (1, 0)


def test_a_thread_that_one_has_nothing_to_do_with_is_read_without_a_trace(
    alice: User, moderator: User, mallory: User, room: Room, open_room: Room, say: Say
) -> None:
    root = say(alice, room, "Lunch?")
    with agreeing() as events:
        read_thread(actor=moderator, room_id=room.pk, message_id=root.pk, seq=5)
    assert events == []
    with refused(NotFound, "thread"):
        read_thread(actor=mallory, room_id=room.pk, message_id=root.pk, seq=5)
    with refused(NotFound, "thread"):
        read_thread(actor=alice, room_id=open_room.pk, message_id=root.pk, seq=5)
    with refused(BadRequest, "seq"):
        read_thread(actor=alice, room_id=room.pk, message_id=root.pk, seq=-1)


def test_a_refused_reply_writes_nothing_of_the_thread_that_it_named(
    alice: User, room: Room, open_room: Room, say: Say, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    root = say(alice, room, "Lunch?")
    # Its room is not the one whose stream is locked: what was read of it may be of yesterday.
    there = draft(sender_id=alice.pk, room_id=open_room.pk, client_id=uuid.uuid4(), body="Hi", thread=root.pk)
    threads = Threads([root.pk])
    assert isinstance(threads.problem(there), NotFound)
    with django_assert_num_queries(0):
        threads.write()

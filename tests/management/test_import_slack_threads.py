"""Threads of an export: replies beside the room, who follows them, and that nothing of them is unread."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chat.models import Membership, Message, Room, ThreadFollower, User
from chat.operations.membership import leave_room
from chat.operations.threads import read_thread
from tests.management.test_import_slack import events
from tests.support.slack import general, joined, left, said, ts
from tests.support.snapshot import agreeing

pytestmark = pytest.mark.django_db


def lunch(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        said(10, "U1", "Lunch?", thread_ts=ts(10)),
        said(20, "U2", "Noon", thread_ts=ts(10)),
        said(30, "U1", "Fine, <@U3>?", thread_ts=ts(10)),
        said(40, "U2", "In the room"),
        *more,
    ]


def message(body: str) -> Message:
    found: Message = Message.objects.get(body=body)
    return found


def followers(root: Message) -> dict[str, tuple[int, int]]:
    """User name → (unread, mentions)."""
    rows: Any = ThreadFollower.objects.following().filter(root=root).with_unread().select_related("user")
    return {row.user.username: (row.unread, row.mentions) for row in rows}


def test_replies_stand_in_the_thread_of_their_root(bring: Any) -> None:
    bring(general(*lunch(), members=["U1", "U2", "U3"]))
    root = message("Lunch?")
    assert [reply.body for reply in Message.objects.in_thread(root.pk).order_by("seq")] == ["Noon", "Fine, @chen?"]
    assert {reply.reply_to_id for reply in Message.objects.all()} == {None}
    ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
    assert root.thread_replies is not None
    assert (root.thread_replies["count"], root.thread_replies["users"]) == (2, [bob.pk, ada.pk])
    assert datetime.fromisoformat(root.thread_replies["last_at"]) == datetime.fromtimestamp(1_600_000_030, UTC)
    assert followers(root) == {"ada": (0, 0), "bob": (0, 0), "chen": (0, 0)}


def test_the_event_tells_thread_and_followers(bring: Any) -> None:
    bring(general(*lunch()))
    told = {event["data"]["body"]: event["data"] for event in events(Room.objects.get()) if "body" in event["data"]}
    ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
    assert (told["Noon"]["thread"], told["Noon"]["reply_to"]) == (str(message("Lunch?").pk), None)
    assert told["Noon"]["followers"] == sorted([str(ada.pk), str(bob.pk)])
    assert (told["Lunch?"]["thread"], "followers" in told["Lunch?"]) == (None, False)


@pytest.mark.parametrize("members", [["U1", "U2"], ["U1"], []])
def test_state_and_events_agree(bring: Any, members: list[str]) -> None:
    entries = lunch(
        joined(45, "U3"),
        said(50, "U3", "I am late <@U1>", thread_ts=ts(10)),
        said(60, "U2", "", thread_ts=ts(10), subtype="tombstone"),
        said(65, "USLACKBOT", "", thread_ts=ts(65), subtype="tombstone"),
        said(70, "U2", "What was it?", thread_ts=ts(65)),
        left(80, "U3"),
    )
    with agreeing():
        bring(general(*entries, members=members))
    assert Message.objects.in_thread(Message.objects.exclude(deleted_at=None).latest("seq").pk).get().body
    root = message("Lunch?")
    assert root.thread_replies is not None
    assert root.thread_replies["count"] == Message.objects.in_thread(root.pk).filter(deleted_at=None).count() == 3
    with agreeing():
        bring(general(*entries, members=members))


def test_what_was_also_sent_to_the_room_stays_there_as_an_answer(bring: Any) -> None:
    bring(general(*lunch(said(50, "U2", "Hear!", thread_ts=ts(10), subtype="thread_broadcast"))))
    answer = message("Hear!")
    assert (answer.thread_id, answer.reply_to) == (None, message("Lunch?"))


@pytest.mark.parametrize("missing", [ts(5), "", "yesterday", 7])
def test_a_reply_to_what_is_not_there_stays_in_the_room(bring: Any, missing: Any) -> None:
    with agreeing():
        bring(general(said(10, "U1", "Where am I?", thread_ts=missing)))
    lost = message("Where am I?")
    assert (lost.thread_id, lost.reply_to_id) == (None, None)


def test_threads_within_threads_and_in_circles_break_nothing(bring: Any) -> None:
    entries = [
        said(10, "U1", "one", thread_ts=ts(20)),
        said(20, "U2", "two", thread_ts=ts(10)),
        said(30, "U1", "three", thread_ts=ts(20)),
        said(40, "U2", "four", thread_ts=ts(30)),
        said(50, "U2", "before its root", thread_ts=ts(60)),
        said(60, "U1", "root"),
    ]
    with agreeing():
        bring(general(*entries))
    one, two = message("one"), message("two")
    assert (one.thread, two.thread) == (None, one)
    three = message("three")
    assert (three.thread, three.reply_to) == (None, two), "no thread in a thread"
    assert message("four").thread == three
    assert message("before its root").thread is None
    with agreeing():
        bring(general(*entries, said(70, "U1", "five", thread_ts=ts(20)), said(80, "U1", "six", thread_ts=ts(10))))
    assert (message("five").thread, message("five").reply_to, message("six").thread) == (None, two, one)


def test_a_long_message_that_begins_a_thread_stays_together_in_the_room(bring: Any) -> None:
    bring(general(said(10, "U1", "word " * 5_000, thread_ts=ts(10)), said(20, "U2", "tl;dr", thread_ts=ts(10))))
    first, rest, reply = Message.objects.order_by("seq")
    assert (first.thread, rest.thread, rest.reply_to, reply.thread) == (None, None, None, first)


def test_a_newer_export_adds_to_threads_and_leaves_unread_what_was(bring: Any) -> None:
    bring(general(*lunch()))
    room, root = Room.objects.get(), message("Lunch?")
    bob = User.objects.get(username="bob")
    read_thread(actor=bob, room_id=room.pk, message_id=root.pk, seq=message("Noon").seq, unread=True)
    assert followers(root) == {"ada": (0, 0), "bob": (1, 0)}
    with agreeing():
        bring(general(*lunch(said(50, "U3", "Me too, <@U1> <@U2>", thread_ts=ts(10)))))
    assert followers(root) == {"ada": (0, 0), "bob": (2, 1), "chen": (0, 0)}


def test_who_left_the_room_is_told_nothing_of_its_threads(bring: Any) -> None:
    bring(general(*lunch()))
    bob = User.objects.get(username="bob")
    leave_room(actor=bob, room_id=Room.objects.get().pk)
    with agreeing() as told:
        bring(general(*lunch(said(50, "U1", "Anybody?", thread_ts=ts(10)))))
    assert Membership.objects.live().filter(user=bob).count() == 0
    assert "thread.updated" not in {event["type"] for event in told if event["stream"] == f"user:{bob.pk}"}

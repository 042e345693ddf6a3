"""Each question that a page of history asks is answered by an index, on both databases, in the order of the index."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from chat.models import Membership, Mention, Message, Room, ThreadFollower, User, message_id

pytestmark = pytest.mark.django_db

COUNT = 400
AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def room() -> Room:
    """One of two rooms."""
    ada, bob = (User.objects.create_user(name) for name in ("ada", "bob"))
    rooms = []
    for slug in ("small", "big"):
        room = Room(kind="open", name=slug, slug=slug)
        room.save()
        rooms.append(room)
        Membership.objects.create(room=room, user=ada, joined_seq=1, read_seq=COUNT // 2)
        messages = [
            Message(
                id=message_id(room.pk, seq),
                room=room,
                seq=seq,
                sender=bob,
                client_id=uuid.uuid4(),
                digest=b"",
                body="x",
                html="<p>x</p>",
                created_at=AT,
            )
            for seq in range(2, COUNT)
        ]
        Message.objects.bulk_create(messages)
        Mention.objects.bulk_create(
            Mention(message=message, user=ada, room=room, seq=message.seq) for message in messages[::10]
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # So few rows it would rather read all. Off, a scan that is left has no index that could answer.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return rooms[-1]


def plan(query: "QuerySet[Any]") -> str:
    return query.explain()


def assert_by_index(steps: str) -> None:
    assert "Seq Scan" not in steps and "SCAN" not in steps, steps
    assert "Index" in steps or "INDEX" in steps, steps


def assert_in_order(steps: str) -> None:
    assert_by_index(steps)
    assert "Sort" not in steps and "TEMP B-TREE" not in steps, steps


@pytest.mark.parametrize(
    "page",
    [
        lambda messages: messages.order_by("-seq"),
        lambda messages: messages.before(10),
        lambda messages: messages.before(COUNT // 2),
        lambda messages: messages.after(COUNT // 2 - 1),
    ],
    ids=["newest", "before the first", "before the middle", "after the middle"],
)
def test_a_page_is_read_from_its_index(room: Room, page: object) -> None:
    messages = Message.objects.in_room(room).select_related("sender", "reply_to", "reply_to__sender")
    assert_in_order(plan(page(messages)[:50]))  # type: ignore[operator]


def test_a_page_takes_two_queries_at_most(room: Room, django_assert_num_queries: object) -> None:
    messages = Message.objects.in_room(room)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [message.seq for message in messages.newest(3)] == [COUNT - 3, COUNT - 2, COUNT - 1]
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert [message.seq for message in messages.page_around(200, 4)] == [198, 199, 200, 201]


def test_a_permalink_is_found_by_its_index(room: Room) -> None:
    user = User.objects.get(username="ada")
    assert_by_index(plan(Message.objects.visible_to(user).filter(pk=message_id(room.pk, 200))))


def test_people_named_on_a_page_are_found_by_their_index(room: Room) -> None:
    ids = [message_id(room.pk, seq) for seq in range(100, 150)]
    assert_by_index(plan(Mention.objects.filter(message__in=ids)))


def test_what_is_unread_is_counted_from_indexes_alone(room: Room) -> None:
    user = User.objects.get(username="ada")
    counted = Membership.objects.live().filter(user=user).with_unread()
    steps = plan(counted)
    assert_by_index(steps)
    assert "mention_unread" in steps, steps
    assert "message_of_room" in steps, steps
    assert [(one.unread, one.mentions) for one in counted] == [(COUNT // 2 - 1, 20)] * 2  # type: ignore[attr-defined]


@pytest.fixture
def root(room: Room) -> Message:
    """What every second message of the room replies to."""
    root = Message.objects.get(pk=message_id(room.pk, 2))
    Message.objects.in_room(room).filter(seq__in=range(4, COUNT, 2)).update(thread=root)
    Mention.objects.filter(room=room, seq__in=range(4, COUNT, 2)).update(thread=root)
    ThreadFollower.objects.create(root=root, user=User.objects.get(username="ada"), read_seq=COUNT // 2)
    return root


def test_a_page_of_a_thread_or_without_threads_is_read_from_its_index(room: Room, root: Message) -> None:
    replies = plan(Message.objects.in_thread(root.pk).before(COUNT // 2)[:50])
    assert_in_order(replies)
    assert "message_of_thread" in replies, replies
    assert_in_order(plan(Message.objects.in_room(room).in_timeline().before(COUNT // 2)[:50]))


def test_what_is_unread_in_threads_is_counted_from_indexes_alone(root: Message) -> None:
    counted = ThreadFollower.objects.of_member(User.objects.get(username="ada")).with_unread()
    steps = plan(counted)
    assert_by_index(steps)
    assert "message_of_thread" in steps and "mention_in_thread" in steps, steps
    assert [(one.unread, one.mentions) for one in counted] == [(COUNT // 4 - 1, 20)]  # type: ignore[attr-defined]

"""post_message: stored once, numbered, told."""

from __future__ import annotations

import uuid

import pytest

from chat.models import Mention, Message, Room, User, message_id
from chat.operations import drafts, posting
from chat.operations.membership import leave_room, remove_member
from chat.operations.messages import delete_message, edit_message
from chat.operations.people import disable_user
from chat.operations.posting import Posted, post_message
from chat.operations.rooms import update_room
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound, RateLimited, TooLarge
from chat.streams.rates import SlidingWindow
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def post(
    sender: User, room: Room, body: str, client_id: uuid.UUID | None = None, reply_to: int | None = None
) -> Posted:
    return post_message(
        sender=sender, room_id=room.pk, client_id=client_id or uuid.uuid4(), body=body, reply_to=reply_to
    )


def test_a_post_is_stored_and_told_under_the_next_number(alice: User, room: Room) -> None:
    head = Room.objects.get(pk=room.pk).stream.head
    client_id = uuid.uuid4()
    with agreeing() as events:
        posted = post(alice, room, "**hi**", client_id)

    assert posted == Posted(message_id(room.pk, head + 1), head + 1)
    (event,) = events
    assert (event["stream"], event["seq"], event["type"]) == (f"room:{room.pk}", head + 1, "message.posted")
    assert event["data"]["body"] == "**hi**"
    assert event["data"]["html"] == "<p><strong>hi</strong></p>"
    assert event["data"]["client_id"] == str(client_id)
    assert event["data"]["sender"]["username"] == "alice"


def test_numbers_follow_one_another_without_gaps(alice: User, bob: User, room: Room) -> None:
    with agreeing():
        numbers = [post(sender, room, "word").seq for sender in (alice, bob, bob, alice)]
    assert numbers == list(range(numbers[0], numbers[0] + 4))


def test_members_of_the_room_are_mentioned_others_are_not(alice: User, bob: User, mallory: User, room: Room) -> None:
    with agreeing() as events:
        posted = post(alice, room, "@Bob and @mallory and @nobody")
    assert events[0]["data"]["mentions"] == [str(bob.pk)]
    assert list(Mention.objects.values_list("message", "user", "room", "seq")) == [
        (posted.message_id, bob.pk, room.pk, posted.seq)
    ]


def test_a_reply_names_a_message_of_the_same_room(alice: User, bob: User, room: Room, say: Say) -> None:
    first = say(alice, room, "a question")
    with agreeing() as events:
        post(bob, room, "an answer", reply_to=first.pk)
    assert events[0]["data"]["reply_to"] == str(first.pk)


def test_a_reply_to_another_room_or_to_nothing_is_not_found(alice: User, room: Room, open_room: Room, say: Say) -> None:
    elsewhere = say(alice, open_room, "elsewhere")
    deleted = say(alice, room, "gone")
    delete_message(actor=alice, message_id=deleted.pk)
    for target in (elsewhere.pk, deleted.pk, 1):
        with refused(NotFound, "reply_to"):
            post(alice, room, "an answer", reply_to=target)


# The client's id -------------------------------------------------------------------------------


def test_the_same_id_gets_the_first_answer_again(alice: User, room: Room) -> None:
    client_id = uuid.uuid4()
    first = post(alice, room, "once", client_id)
    with agreeing() as events:
        again = post(alice, room, "once", client_id)
    assert (again.message_id, again.seq, again.repeated) == (first.message_id, first.seq, True)
    assert events == []


def test_another_body_or_room_under_the_same_id_is_a_conflict(alice: User, room: Room, open_room: Room) -> None:
    client_id = uuid.uuid4()
    post(alice, room, "once", client_id)
    with refused(Conflict, "id"):
        post(alice, room, "twice", client_id)
    with refused(Conflict, "id"):
        post(alice, open_room, "once", client_id)


def test_an_id_keeps_its_answer_after_edit_and_delete(alice: User, room: Room) -> None:
    client_id = uuid.uuid4()
    first = post(alice, room, "once", client_id)

    edit_message(actor=alice, message_id=first.message_id, body="otherwise")
    assert post(alice, room, "once", client_id) == Posted(first.message_id, first.seq, repeated=True)
    with refused(Conflict, "id"):
        post(alice, room, "otherwise", client_id)

    delete_message(actor=alice, message_id=first.message_id)
    assert post(alice, room, "once", client_id) == Posted(first.message_id, first.seq, repeated=True)
    with refused(Conflict, "id"):
        post(alice, room, "otherwise", client_id)


def test_an_id_is_the_senders_own(alice: User, bob: User, room: Room) -> None:
    client_id = uuid.uuid4()
    assert post(alice, room, "mine", client_id).message_id != post(bob, room, "mine", client_id).message_id


def test_a_repeat_is_answered_even_when_the_sender_has_left(alice: User, bob: User, room: Room) -> None:
    client_id = uuid.uuid4()
    first = post(bob, room, "last words", client_id)
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    assert post(bob, room, "last words", client_id).message_id == first.message_id


# Who may ---------------------------------------------------------------------------------------


def test_an_outsider_finds_no_private_room_and_may_not_write_in_an_open_one(
    mallory: User, alice: User, room: Room, open_room: Room
) -> None:
    assert post(alice, room, "the door exists").seq
    with refused(NotFound, "room"):
        post(mallory, room, "knock")
    with refused(Forbidden, "room"):
        post(mallory, open_room, "knock")
    with refused(NotFound, "room"):
        post(mallory, Room(stream_id=999_999), "knock")


def test_who_has_left_writes_no_more(bob: User, room: Room, open_room: Room) -> None:
    leave_room(actor=bob, room_id=room.pk)
    leave_room(actor=bob, room_id=open_room.pk)
    with refused(NotFound, "room"):
        post(bob, room, "one more")
    with refused(Forbidden, "room"):
        post(bob, open_room, "one more")


def test_who_is_disabled_writes_no_more(bob: User, room: Room, open_room: Room) -> None:
    disable_user(actor=None, user_id=bob.pk)
    for place in (room, open_room):
        with refused(NotFound, "room"):
            post(bob, place, "one more")


def test_nobody_writes_in_an_archived_room(alice: User, room: Room) -> None:
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden, "room"):
        post(alice, room, "one more")


# What may be said ------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["", "  \n\t ", "a\x00b", "\ud83d", "\udc00x"])
def test_a_body_that_is_no_text_is_refused(alice: User, room: Room, body: str) -> None:
    with refused(BadRequest, "body"):
        post(alice, room, body)


def test_a_body_has_at_most_16000_characters(alice: User, room: Room) -> None:
    with agreeing():
        post(alice, room, "é" * 16_000)
    with refused(TooLarge, "body"):
        post(alice, room, "é" * 16_001)


def test_the_body_is_kept_as_it_was_typed(alice: User, room: Room, say: Say) -> None:
    typed = "  indented\r\n\u202eright to left\u202c e\u0301 \U0001f600  "
    assert say(alice, room, typed).body == typed


def test_posts_are_counted_for_each_person(alice: User, bob: User, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "posts_limit", SlidingWindow(2, 10, "posts"))
    post(alice, room, "one")
    post(alice, room, "two")
    with pytest.raises(RateLimited) as caught:
        post(alice, room, "three")
    assert 0 < (caught.value.retry_after or 0) <= 10
    post(bob, room, "one")


# Many at once ----------------------------------------------------------------------------------


def draft(sender: User, room: Room, body: str, client_id: uuid.UUID | None = None) -> drafts.Draft:
    return drafts.draft(sender_id=sender.pk, room_id=room.pk, client_id=client_id or uuid.uuid4(), body=body)


def test_a_batch_is_one_transaction_in_which_each_draft_has_its_own_outcome(
    alice: User, bob: User, mallory: User, room: Room, open_room: Room
) -> None:
    twice = uuid.uuid4()
    drafts = [
        draft(alice, room, "one"),
        draft(mallory, room, "intruder"),
        draft(bob, open_room, "elsewhere"),
        draft(alice, room, "two", twice),
        draft(alice, room, "two", twice),
        draft(alice, room, "another two", twice),
    ]
    with agreeing() as events:
        one, intruder, elsewhere, two, repeat, conflict = posting.commit_posts(drafts)
    assert isinstance(one, Posted) and isinstance(two, Posted) and isinstance(elsewhere, Posted)
    assert isinstance(intruder, NotFound)
    assert two.seq == one.seq + 1
    assert repeat == Posted(two.message_id, two.seq, repeated=True)
    assert isinstance(conflict, Conflict)
    assert [event["data"]["body"] for event in events] == ["one", "elsewhere", "two"]


def test_a_batch_asks_the_database_no_more_than_a_single_post(
    alice: User, room: Room, django_assert_max_num_queries: object
) -> None:
    drafts = [draft(alice, room, f"number {number}") for number in range(100)]
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        posting.commit_posts(drafts)
    assert Message.objects.count() == 100


def test_the_quick_draft_is_the_same_draft(alice: User, room: Room) -> None:
    asked = {"sender_id": alice.pk, "room_id": room.pk, "client_id": uuid.uuid4(), "body": "plain words, 3 < 4"}
    assert drafts.quick_draft(**asked) == drafts.draft(**asked)
    assert drafts.quick_draft(**asked | {"body": "**marked** up"}) is None

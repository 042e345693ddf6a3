"""Reads whose SQL is made once."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db.models import Exists, OuterRef, Q
from pytest_django import DjangoAssertNumQueries

from chat.models import Membership, Message, Room, User, message_id
from chat.models.prepared import Prepared

said = Prepared(
    lambda room, sender: (
        Message.objects.filter(room=room, sender=sender)
        .order_by("seq")
        .values_list("seq", "body", "client_id", "created_at", "edited_at", "sender__username", "sender__is_bot")[:2]
    ),
    room=int,
    sender=int,
)
rooms = Prepared(
    lambda user, slug: Room.objects.filter(
        Q(slug=slug), Q(kind="open") | Exists(Membership.objects.live().filter(room=OuterRef("pk"), user=user))
    ).values_list("name"),
    user=int,
    slug=str,
)


def put(room: Room, seq: int, sender: User, body: str) -> Message:
    return Message.objects.create(
        id=message_id(room.pk, seq),
        room=room,
        seq=seq,
        sender=sender,
        client_id=uuid.uuid4(),
        digest=b"",
        body=body,
        html=body,
        created_at=datetime(2026, 3, 3, 8, 41, 7, 123_000, UTC),
    )


def test_it_reads_what_its_queryset_reads(alice: User, bob: User, room: Room) -> None:
    for number, sender in enumerate([alice, bob, alice, alice]):
        put(room, number + 10, sender, f"100% {number}")
    for sender, seqs in [(alice, [10, 12]), (bob, [11])]:
        rows = said.converted(said(room=room.pk, sender=sender.pk))
        assert rows == list(said._build(room=room.pk, sender=sender.pk))
        assert [row[0] for row in rows] == seqs
    assert said(room=room.pk + 1000, sender=alice.pk) == []


def test_a_parameter_may_stand_anywhere_in_the_query(alice: User, mallory: User, room: Room) -> None:
    assert rooms(user=alice.pk, slug="board") == [("Board",)]
    assert rooms(user=mallory.pk, slug="board") == []
    assert rooms(user=alice.pk, slug="board' OR 1=1 --") == []


def test_a_parameter_may_be_a_uuid(alice: User, room: Room) -> None:
    message = put(room, 10, alice, "one")
    put(room, 11, alice, "two")
    read = Prepared(lambda key: Message.objects.filter(client_id=key).values_list("seq"), key=uuid.UUID)
    assert read(key=message.client_id) == [(10,)]
    assert read(key=uuid.uuid4()) == []


def test_a_parameter_may_be_a_list_of_any_length(alice: User, bob: User, room: Room) -> None:
    messages = [put(room, number, alice, "one") for number in range(10, 14)]
    by_seq = Prepared(
        lambda seqs: Message.objects.filter(seq__in=seqs).order_by("seq").values_list("seq"), seqs=list[int]
    )
    assert [by_seq(seqs=seqs) for seqs in ([], [12], [13, 10, 99])] == [[], [(12,)], [(10,), (13,)]]
    by_key = Prepared(
        lambda keys, sender: Message.objects.filter(client_id__in=keys, sender=sender).values_list("seq"),
        keys=list[uuid.UUID],
        sender=int,
    )
    keys = [message.client_id for message in messages[:2]]
    assert sorted(by_key(keys=keys, sender=alice.pk)) == [(10,), (11,)]
    assert by_key(keys=keys, sender=bob.pk) == []


def test_it_makes_its_sql_once(alice: User, room: Room, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made = []

    def build(slug: str) -> object:
        made.append(slug)
        return Room.objects.filter(slug=slug).values_list("name")

    read = Prepared(build, slug=str)  # type: ignore[arg-type]
    with django_assert_num_queries(3):
        assert [read(slug=slug) for slug in ("board", "no", "board")] == [[("Board",)], [], [("Board",)]]
    assert len(made) == 1


def test_a_parameter_that_the_query_does_not_use_is_a_mistake(db: None) -> None:
    with pytest.raises(AssertionError, match="slug"):
        Prepared(lambda slug: Room.objects.values_list("name"), slug=str)(slug="x")

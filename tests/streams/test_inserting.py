"""Set-based inserts store what the ORM would."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from chat.models import Message, Room, User, message_id
from chat.streams.inserting import insert_many

COLUMNS = ("id", "room", "seq", "sender", "client_id", "digest", "body", "html", "reply_to", "created_at", "extra")


def row(room: Room, seq: int, sender: User, **fields: Any) -> tuple[Any, ...]:
    values = {
        "id": message_id(room.pk, seq),
        "room": room.pk,
        "seq": seq,
        "sender": sender.pk,
        "client_id": uuid.UUID(int=seq),
        "digest": b"\x00\xff",
        "body": 'it\'s \U0001f600 100 % %s \\ "quoted"',
        "html": "",
        "reply_to": None,
        "created_at": datetime(2026, 11, 22, 17, 0, 0, 123456, tzinfo=UTC),
        "extra": {"reactions": ["é"]},
    } | fields
    return tuple(values[name] for name in COLUMNS)


def test_rows_come_back_as_they_went_in(alice: User, room: Room) -> None:
    insert_many(Message, COLUMNS, [row(room, 101, alice), row(room, 102, alice, reply_to=message_id(room.pk, 101))])
    first, second = Message.objects.order_by("seq")
    assert tuple(
        bytes(value) if isinstance(value, memoryview) else value
        for value in (getattr(first, Message._meta.get_field(name).attname) for name in COLUMNS)
    ) == row(room, 101, alice)
    assert second.reply_to == first
    assert first.edited_at is None


def test_many_rows_are_one_call_and_none_is_none(alice: User, room: Room, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_many(Message, COLUMNS, [])
    with django_assert_num_queries(1):
        insert_many(Message, COLUMNS, [row(room, seq, alice) for seq in range(101, 601)])
    assert Message.objects.count() == 500

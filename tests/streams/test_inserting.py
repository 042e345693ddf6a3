"""Set-based inserts store what the ORM would."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

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


@pytest.mark.parametrize("count", [0, 1, 3, 4, 255, 256, 500])
def test_any_number_of_rows_is_stored(alice: User, room: Room, count: int) -> None:
    insert_many(Message, COLUMNS, [row(room, seq, alice) for seq in range(101, 101 + count)])
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == list(range(101, 101 + count))


def test_a_row_that_is_refused_is_an_error_of_djangos(alice: User, room: Room) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many(Message, COLUMNS, [row(room, 101, alice)] * 2)
    assert not Message.objects.exists()

"""What the database itself refuses, whoever writes to it: rows go in past every `clean`."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from chat.models import (
    Event,
    Invitation,
    Membership,
    Mention,
    Message,
    Room,
    Stream,
    User,
    Workspace,
    message_id,
)


def refused(model: type[models.Model], *rows: dict[str, Any], by: str) -> None:
    """The last row is refused, by the constraint of that name, after the others were taken."""
    for row in rows[:-1]:
        model._base_manager.bulk_create([model(**row)])
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        model._base_manager.bulk_create([model(**rows[-1])])
    # SQLite names the columns of a unique constraint, not the constraint.
    told = str(caught.value)
    constraint = next((each for each in model._meta.constraints if each.name == by), None)
    names = [by] if constraint is None else getattr(constraint, "fields", ())
    columns = [model._meta.get_field(name).column for name in names]  # type: ignore[union-attr]
    assert by in told or (columns and all(f"{model._meta.db_table}.{column}" in told for column in columns)), told


def message(room: Room, seq: int, sender: User, **fields: Any) -> dict[str, Any]:
    return {
        "id": message_id(room.pk, seq),
        "room": room,
        "seq": seq,
        "sender": sender,
        "client_id": uuid.uuid4(),
        "digest": b"",
        "body": "words",
        "html": "words",
        "created_at": timezone.now(),
    } | fields


def test_a_sender_uses_a_client_id_once(alice: User, room: Room) -> None:
    client_id = uuid.uuid4()
    rows = [message(room, seq, alice, client_id=client_id) for seq in (101, 102)]
    refused(Message, *rows, by="message_client_id_once")


def test_another_sender_may_use_it_too(alice: User, bob: User, room: Room) -> None:
    client_id = uuid.uuid4()
    Message.objects.bulk_create(
        Message(**message(room, seq, sender, client_id=client_id)) for seq, sender in ((101, alice), (102, bob))
    )


def test_a_room_gives_a_number_to_one_message(alice: User, room: Room) -> None:
    refused(Message, message(room, 101, alice), message(room, 101, alice), by="id")
    refused(Message, message(room, 102, alice, id=1), by="message_id_of_room_and_seq")


def test_a_stream_gives_a_number_to_one_event(room: Room) -> None:
    row = {"stream_id": room.pk, "seq": 101, "type": "x", "at": timezone.now(), "payload": "{}"}
    refused(Event, row, row, by="event_number_once")


def test_ids_of_messages_differ_wherever_they_are() -> None:
    ids = {message_id(room, seq) for room in (1, 2, 2**30) for seq in (1, 2, 2**32 - 1)}
    assert len(ids) == 9
    assert max(ids) < 2**63


def test_a_pair_has_one_direct_room(alice: User, bob: User) -> None:
    key = Room.direct_key_of(bob.pk, alice.pk)
    assert key == Room.direct_key_of(alice.pk, bob.pk)
    rows = [{"stream": Stream.objects.create(kind="room"), "kind": "direct", "direct_key": key} for _ in range(2)]
    refused(Room, *rows, by="direct_key")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "direct"},
        {"kind": "direct", "direct_key": "1:2", "slug": "us"},
        {"kind": "open", "name": "Board", "slug": None},
        {"kind": "open", "name": "", "slug": "board"},
        {"kind": "private", "name": "Board", "slug": "board", "direct_key": "1:2"},
    ],
)
def test_a_room_is_named_or_direct(db: None, fields: dict[str, Any]) -> None:
    refused(Room, {"stream": Stream.objects.create(kind="room")} | fields, by="room_named_or_direct")


def test_addresses_of_rooms_differ(db: None) -> None:
    rows = [{"stream": Stream.objects.create(kind="room"), "kind": "open", "name": "A", "slug": "a"} for _ in range(2)]
    refused(Room, *rows, by="slug")


def test_somebody_is_in_a_room_once(room: Room, mallory: User) -> None:
    stay = {"room": room, "user": mallory, "joined_seq": 101}
    Membership.objects.bulk_create([Membership(**stay, left_seq=102), Membership(**stay, left_seq=103)])
    refused(Membership, stay, stay, by="membership_live_once")


def test_nobody_leaves_before_they_come(room: Room, mallory: User) -> None:
    stay = {"room": room, "user": mallory, "joined_seq": 101, "left_seq": 101}
    refused(Membership, stay, by="membership_left_after_joined")


def test_a_message_names_somebody_once(alice: User, room: Room) -> None:
    said = Message.objects.create(**message(room, 101, alice))
    row = {"message": said, "user": alice, "room": room, "seq": 101}
    refused(Mention, row, row, by="mention_once")


def person(username: str, **fields: Any) -> dict[str, Any]:
    user = User(username=username, **fields)
    user._derive()
    names = {name: getattr(user, name) for name in ("username", "username_key", "username_skeleton")}
    return {"stream": Stream.objects.create(kind="user")} | names | fields


@pytest.mark.parametrize(
    ("one", "other", "column"), [("mia", "Mia", "username_key"), ("ada", "ad\u0430", "username_skeleton")]
)
def test_a_name_and_what_looks_like_it_belong_to_one(db: None, one: str, other: str, column: str) -> None:
    refused(User, person(one), person(other), by=column)


def test_an_address_belongs_to_one_and_having_none_to_all(db: None) -> None:
    rows = [person("ada"), person("bob"), person("carol", email="c@b.org"), person("dave", email="C@B.org")]
    refused(User, *rows, by="user_email_once")


def test_hues_are_twelve(db: None) -> None:
    refused(User, person("ada", hue=12), by="user_hue_in_range")


def test_a_head_never_stands_before_what_was_pruned(db: None) -> None:
    refused(Stream, {"kind": "room", "head": 3, "pruned": 4}, by="stream_head_not_before_pruned")


def test_there_is_one_workspace(db: None) -> None:
    assert Workspace.current() == Workspace.current()
    refused(Workspace, {"id": 2}, by="workspace_is_one")


def test_an_invitation_is_used_no_more_often_than_it_may(alice: User) -> None:
    row = {"token_hash": "x", "created_by": alice, "expires_at": timezone.now() + timedelta(days=1), "max_uses": 1}
    refused(Invitation, row | {"uses": 2}, by="invitation_uses_within_limit")
    refused(Invitation, row, row, by="token_hash")

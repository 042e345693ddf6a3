"""Searching: what is found, what is not, and by whom."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat.models import Message, Room, SearchEntry, User
from chat.models.search import ROOMS_AS_TOKENS
from chat.operations.membership import add_member, remove_member
from chat.operations.messages import delete_message, edit_message
from chat.operations.rooms import create_room, open_direct
from chat.operations.search import indexing
from chat.operations.search.asking import QUERY_CHARACTERS, wanted
from chat.operations.search.finding import Found, search
from chat.protocol.errors import BadRequest, NotFound
from tests.operations.conftest import Say
from tests.support.refusals import refused


def look(user: User, query: str, *, order: str = "newest", **more: Any) -> Found:
    return search(user, wanted(user, query, **more), order=order, limit=20)


def bodies(user: User, query: str, **more: Any) -> list[str]:
    return [hit.message.body for hit in look(user, query, **more).hits]


@pytest.fixture
def said(alice: User, bob: User, room: Room, say: Say) -> list[Message]:
    return [
        say(alice, room, "The night run failed"),
        say(bob, room, "Which run? See https://example.org/runs"),
        say(alice, room, "`make test` on the nightly build"),
        say(bob, room, "我今天去北京"),
    ]


def test_words_are_found_newest_first(alice: User, said: list[Message]) -> None:
    assert bodies(alice, "run") == [said[1].body, said[0].body]
    assert bodies(alice, "night") == [said[2].body, said[0].body]
    assert bodies(alice, "NIGHT run") == [said[0].body]
    assert bodies(alice, '"run failed"') == [said[0].body]
    assert bodies(alice, '"failed run"') == []
    assert bodies(alice, "北京") == [said[3].body]
    assert bodies(alice, "nothing") == []


def test_what_was_found_is_marked(alice: User, said: list[Message]) -> None:
    (hit,) = look(alice, "failed").hits
    assert [(piece.text, piece.hit) for piece in hit.excerpt] == [("The night run ", False), ("failed", True)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from:bob run", [1]),
        ("from:@Bob", [3, 1]),
        ("from:me", [2, 0]),
        ("-from:me", None),
        ("run -from:me", [1]),
        ("run -failed", [1]),
        ('night -"night run"', [2]),
        ("in:board run", [1, 0]),
        ("in:#Board has:code", [2]),
        ("has:link", [1]),
        ("has:links run", [1]),
        ("has:file", []),
        ("FROM:bob “Which run”", [1]),
        ("run from:bob from:alice", []),
    ],
)
def test_operators(alice: User, said: list[Message], query: str, expected: list[int] | None) -> None:
    if expected is None:
        with refused(BadRequest, "q"):
            look(alice, query)
    else:
        assert bodies(alice, query) == [said[number].body for number in expected]


def test_days(alice: User, said: list[Message]) -> None:
    moment = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    for number, message in enumerate(said):
        SearchEntry.objects.filter(message=message).delete()
        words = indexing.Words(message.pk, message.sender_id, moment + timedelta(days=number), message.body, "")
        indexing.add([words])

    def days(query: str) -> list[int]:
        return [said.index(hit.message) for hit in look(alice, query).hits]

    assert days("on:2026-03-10") == [1]
    assert days("before:2026-03-10") == [0]
    assert days("after:2026-03-10") == [3, 2]
    assert days("after:2026-03-09 before:2026-03-11") == [1]
    assert days("on:2026-03") == days("on:2026") == [3, 2, 1, 0]
    assert days("before:2026") == []
    with timezone.override("Asia/Tokyo"):
        assert days("on:2026-03-10") == [0]
    assert days("run before:2026-03-10T23:30:00Z") == [0]
    assert [said.index(hit.message) for hit in look(alice, "", before="2026-03-10").hits] == [0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("🎉", "q"),
        ("-run", "q"),
        ("x" * (QUERY_CHARACTERS + 1), "q"),
        ("before:soon", "before"),
        ("after:2026-02-30", "after"),
        ("on:0001-01-01", "on"),
        ("on:9999", "on"),
        ("before:2026-03-10T23:30:00", "before"),
        ("-before:2026", "before"),
        ("has:luck", "has"),
    ],
)
def test_what_cannot_be_asked_is_named(alice: User, room: Room, query: str, field: str) -> None:
    with refused(BadRequest, field):
        look(alice, query)


def test_names_that_stand_for_nothing(alice: User, mallory: User, room: Room) -> None:
    with refused(NotFound, "from"):
        look(alice, "from:nobody")
    with refused(NotFound, "in"):
        look(alice, "in:nowhere")
    with refused(NotFound, "in"):
        look(mallory, "in:board")
    with refused(NotFound, "room"):
        look(mallory, "x", room=room.pk)


def test_only_members_find(alice: User, bob: User, mallory: User, room: Room, said: list[Message]) -> None:
    assert bodies(bob, "run") != []
    assert bodies(mallory, "run") == []
    remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    assert bodies(bob, "run") == []
    add_member(actor=alice, room_id=room.pk, user_id=mallory.pk)
    assert bodies(mallory, "run") != []


def test_a_direct_talk_is_found_by_the_other_person(alice: User, bob: User, mallory: User, say: Say) -> None:
    talk = open_direct(actor=alice, other=bob)
    say(alice, talk, "between us")
    assert bodies(bob, "between in:@alice") == ["between us"]
    assert bodies(mallory, "between") == []
    with refused(NotFound, "in"):
        look(mallory, "between in:@alice")


def test_edits_and_deletes_are_followed(alice: User, room: Room, said: list[Message]) -> None:
    edit_message(actor=alice, message_id=said[0].pk, body="The day shift")
    assert bodies(alice, "failed") == []
    assert bodies(alice, "shift") == ["The day shift"]
    delete_message(actor=alice, message_id=said[0].pk)
    assert bodies(alice, "shift") == []
    assert not SearchEntry.objects.filter(message=said[0]).exists()


def test_pages_go_on_where_the_one_before_ended(alice: User, room: Room, say: Say) -> None:
    for number in range(5):
        say(alice, room, f"run {number}")
    asked = wanted(alice, "run")
    for order in ("newest", "best"):
        seen, after = [], None
        while True:
            found = search(alice, asked, order=order, after=after, limit=2)
            seen += [hit.message.body for hit in found.hits]
            after = found.next
            if after is None:
                break
        assert sorted(seen, reverse=True) == [f"run {number}" for number in (4, 3, 2, 1, 0)]
    assert [hit.message.body for hit in search(alice, asked, order="newest", limit=2).hits] == ["run 4", "run 3"]


def test_best_first(alice: User, room: Room, say: Say) -> None:
    short = say(alice, room, "night run")
    long = say(alice, room, "a run of " + "many words " * 20 + " in the night")
    assert [hit.message for hit in look(alice, "night run").hits] == [long, short]
    assert [hit.message for hit in look(alice, "night run", order="best").hits] == [short, long]


def test_somebody_in_very_many_rooms_finds_the_same(alice: User, bob: User, room: Room, said: list[Message]) -> None:
    for number in range(ROOMS_AS_TOKENS):
        create_room(actor=alice, name=f"room {number}", kind=Room.Kind.OPEN)
    assert bodies(alice, "night run") == [said[0].body]
    assert bodies(alice, "in:board run -failed") == [said[1].body]
    assert bodies(alice, "on:today") == [message.body for message in reversed(said)]
    with refused(BadRequest, "q"):
        look(alice, "-run")


def test_much_that_is_said_in_one_moment_has_an_entry_each(alice: User, room: Room, said: list[Message]) -> None:
    SearchEntry.objects.all().delete()
    moment = timezone.now()
    for message in said:
        indexing.add([indexing.Words(message.pk, alice.pk, moment, "one", "")])
    many = [SearchEntry.objects.filter(message=message).get().pk for message in said]
    assert len(set(many)) == len(said)


def test_what_was_said_before_there_was_a_search_is_found(alice: User, room: Room, said: list[Message]) -> None:
    SearchEntry.objects.all().delete()
    assert bodies(alice, "run") == []
    indexing.add_missing()
    assert bodies(alice, "run") == [said[1].body, said[0].body]
    indexing.add_missing()
    assert SearchEntry.objects.count() == len(said)


def test_a_repeat_changes_nothing(alice: User, room: Room) -> None:
    from chat.operations.posting import post_message

    client_id = uuid.uuid4()
    for _ in range(2):
        post_message(sender=alice, room_id=room.pk, client_id=client_id, body="once")
    assert bodies(alice, "once") == ["once"]

"""Messages and events: found, read, not changed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.admin import short
from chat.models import Event, Message, Room, User
from chat.operations.messages import delete_message, edit_message
from tests.admin.conftest import Queries, Say
from tests.admin.pages import listing, page, rows, text
from tests.support.snapshot import agreeing


def bodies(client: Client, search: str) -> list[str]:
    found = client.get(listing("message"), {"q": search})
    assert found.status_code == 200
    return [message.body for message in found.context["cl"].result_list]


@pytest.fixture
def talk(alice: User, bob: User, room: Room, open_room: Room, say: Say) -> list[Message]:
    return [
        say(alice, room, "good morning"),
        say(bob, room, "morning, alice"),
        say(bob, open_room, 'she said "good morning" twice'),
    ]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", [2, 1, 0]),
        ("morning", [2, 1, 0]),
        ("MORNING", [2, 1, 0]),
        ("in:board", [1, 0]),
        ("in:design", [2]),
        ("from:bob", [2, 1]),
        ("from:BOB", [2, 1]),
        ("from:bob in:board", [1]),
        ('"good morning"', [2, 0]),
        ("good from:alice", [0]),
        ("in:nowhere", []),
        ("from:nobody", []),
        ("in:", []),
        ("evening", []),
        ('"', [2]),
    ],
)
def test_messages_are_found(desk: Client, talk: list[Message], search: str, found: list[int]) -> None:
    assert bodies(desk, search) == [talk[number].body for number in found]


def test_a_room_is_named_by_its_number_too(desk: Client, talk: list[Message], room: Room) -> None:
    assert len(bodies(desk, f"in:{room.pk}")) == 2


def test_a_message_is_read_whole(desk: Client, alice: User, bob: User, talk: list[Message]) -> None:
    edit_message(actor=alice, message_id=talk[0].pk, body="good <b>evening</b> @bob")
    response = desk.get(page(talk[0]))
    words = text(response)
    assert "good <b>evening</b> @bob" in words
    assert "<b>evening" not in response.content.decode()
    assert "edited" in words and "Board" in words
    edit = Event.objects.get(type="message.edited")
    assert page(edit) in response.content.decode()


def test_a_deleted_message_shows_no_words(desk: Client, alice: User, talk: list[Message]) -> None:
    delete_message(actor=alice, message_id=talk[0].pk)
    words = text(desk.get(page(talk[0])))
    assert "deleted" in words and "good morning" not in words
    assert "good morning" not in text(desk.get(listing("event"), {"q": "in:board"}))


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("?q=in:board", {"member.joined", "message.posted"}),
        ("?type=message.posted&q=in:board", {"message.posted"}),
        ("?type=room.added", {"room.added"}),
        ("?q=twice", {"message.posted"}),
        ('?q="said+\\"good"', {"message.posted"}),
        ("?type=room.archived", set()),
    ],
)
def test_events_are_found(desk: Client, talk: list[Message], query: str, types: set[str]) -> None:
    found = desk.get(listing("event", query)).context["cl"].result_list
    assert {event.type for event in found} == types


def test_events_of_one_stream(desk: Client, talk: list[Message], bob: User, room: Room) -> None:
    for stream in (f"user:{bob.pk}", f"room:{room.pk}"):
        found = desk.get(listing("event"), {"q": stream}).context["cl"].result_list
        assert {event.stream.name for event in found} == {stream}
    assert rows(desk.get(listing("event"), {"q": f"room:{bob.pk}"})) == 0


def test_an_event_is_read_as_it_was_sent(desk: Client, talk: list[Message]) -> None:
    event = Event.objects.filter(type="message.posted").order_by("pk").first()
    assert event is not None
    words = text(desk.get(page(event)))
    assert '"op": "event"' in words and '"body": "good morning"' in words
    for other in Event.objects.all():
        assert desk.get(page(other)).status_code == 200


@pytest.mark.parametrize("model", ["message", "event"])
def test_nothing_is_changed_here(desk: Client, talk: list[Message], model: str) -> None:
    target = talk[0] if model == "message" else Event.objects.get(subject=talk[0].pk)
    with agreeing() as events:
        assert desk.post(page(target), {"body": "x", "payload": "{}", "type": "x"}).status_code == 403
        assert desk.post(listing(model, "add/"), {"body": "x"}).status_code == 403
    assert events == []
    assert "_save" not in desk.get(page(target)).content.decode()


@pytest.mark.parametrize("model", ["message", "event"])
def test_the_table_is_neither_counted_nor_read_whole(desk: Client, talk: list[Message], model: str) -> None:
    for query in ("", "?q=in:board", "?q=morning", "?p=1"):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(listing(model, query)).status_code == 200
        about = [query["sql"] for query in captured if f'FROM "chat_{model}"' in query["sql"]]
        assert about
        assert not [sql for sql in about if "COUNT(" in sql]
        assert all("LIMIT 1000" in sql or '"id" IN (' in sql for sql in about), about


@pytest.mark.parametrize("model", ["message", "event"])
def test_the_number_of_queries_does_not_grow(
    queries: Queries, alice: User, bob: User, talk: list[Message], room: Room, say: Say, model: str
) -> None:
    addresses = [listing(model), listing(model, "?q=morning"), listing(model, "?q=in:board")]
    before = [queries(address) for address in addresses]
    for number in range(40):
        say((alice, bob)[number % 2], room, f"morning {number}")
    assert [queries(address) for address in addresses] == before
    assert max(before) <= 7


def test_a_long_list_has_pages_and_an_end(
    desk: Client, alice: User, room: Room, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "MOST_LISTED", 60)
    for number in range(70):
        say(alice, room, f"number {number}")
    first = desk.get(listing("message"), {"q": "in:board"}).context["cl"]
    assert (first.result_count, len(first.result_list), first.result_list[0].body) == (60, 50, "number 69")
    second = desk.get(listing("message"), {"q": "in:board", "p": "2"}).context["cl"]
    assert [message.body for message in second.result_list] == [f"number {number}" for number in range(19, 9, -1)]
    assert desk.get(listing("message"), {"q": "in:board", "p": "9"}, follow=True).status_code == 200


def test_helpers_read_what_they_may_read_anyway(helper: Client, talk: list[Message]) -> None:
    assert bodies(helper, "morning") == bodies(helper, "") == [talk[2].body]
    assert helper.get(page(talk[2])).status_code == 200
    assert helper.get(page(talk[0])).status_code == 302
    streams = {event.stream.kind for event in helper.get(listing("event")).context["cl"].result_list}
    assert streams == {"room"}
    hidden = Event.objects.get(subject=talk[0].pk)
    assert helper.get(page(hidden)).status_code == 302
    assert rows(helper.get(listing("event"), {"q": "in:board"})) == 0

"""GET rooms/{id}/events/: the log of a room, by long poll. In this process, with its own hub."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from django.test import AsyncClient

from chat.api import events
from chat.models import Event, Stream
from chat.operations.logins import end_all_logins
from chat.operations.membership import remove_member
from chat.operations.messages import delete_message
from chat.streams import database, running
from tests.support.rest import problem, tokens_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub() -> AsyncIterator[None]:
    yield await running.hub()
    await running.stop()
    running._retiring = running._draining = False  # this process goes on


class Poller:
    """Bob's program."""

    def __init__(self, token, room) -> None:
        self.client = AsyncClient()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.path = f"/api/v1/rooms/{room if isinstance(room, str) else room.pk}/events/"

    async def ask(self, **query):
        return await self.client.get(self.path, query_params=query, headers=self.headers)

    async def events(self, **query):
        response = await self.ask(**query)
        assert response.status_code == 200, response.content
        return response.json()

    @asynccontextmanager
    async def waiting(self, hub, **query):
        """A poll that stands at the hub; its answer is the task's result."""
        task = asyncio.create_task(self.ask(**query))
        name = "room:" + self.path.split("/")[4]
        while not ((feed := hub._feeds.get(name)) and feed.listeners):
            assert not task.done(), task.result().content
            await asyncio.sleep(0.01)
        try:
            yield task
        finally:
            task.cancel()
        assert not hub._feeds[name].listeners


@pytest.fixture
def poller(bob, room):
    return Poller(tokens_of(bob).access, room)


async def do(function, *args, **kwargs):
    return await database.read(function, *args, **kwargs)


async def test_it_gives_the_stored_events(poller, alice, room, say):
    await do(say, alice, room, "Hello")
    answer = await poller.events(after=1)
    stored = await do(lambda: [json.loads(row.payload) for row in Event.objects.filter(stream=room.pk).order_by("seq")])
    assert answer == {"events": stored[1:], "seq": 3, "reset": False}
    assert [event["type"] for event in answer["events"]] == ["member.joined", "message.posted"]


async def test_without_a_number_it_tells_where_the_room_is(poller):
    assert await poller.events() == {"events": [], "seq": 2, "reset": False}


async def test_with_no_wait_it_answers_at_once(poller):
    assert await poller.events(after=2, wait=0) == {"events": [], "seq": 2, "reset": False}


async def test_it_waits_for_what_comes(poller, hub, alice, room, say):
    async with poller.waiting(hub, after=2) as poll:
        await do(say, alice, room, "Hello")
        answer = (await poll).json()
    assert [event["data"]["body"] for event in answer["events"]] == ["Hello"]
    assert answer["seq"] == 3


async def test_after_the_wait_it_answers_with_nothing(poller, hub):
    assert await poller.events(after=2, wait=1) == {"events": [], "seq": 2, "reset": False}


async def test_somebody_typing_does_not_end_it(poller, hub, alice, room, say):
    async with poller.waiting(hub, after=2) as poll:
        await hub._handle({"type": "stream.signal", "stream": f"room:{room.pk}", "text": "typing"})
        await do(say, alice, room, "Hello")
        assert len((await poll).json()["events"]) == 1


async def test_a_person_who_is_put_out_hears_no_more(poller, hub, alice, bob, room):
    async with poller.waiting(hub, after=2) as poll:
        await do(remove_member, actor=alice, room_id=room.pk, user_id=bob.pk)
        problem(await poll, 404, "not_found")


async def test_a_person_who_is_signed_out_hears_no_more(poller, hub, bob):
    async with poller.waiting(hub, after=2) as poll:
        await do(end_all_logins, user_id=bob.pk)
        problem(await poll, 401, "unauthorized")


async def test_it_ends_when_the_process_does(poller, hub):
    async with poller.waiting(hub, after=2) as poll:
        await running.drain()
        assert (await poll).json() == {"events": [], "seq": 2, "reset": False}
    problem(await poller.ask(after=2), 503, "unavailable")


async def test_who_goes_away_leaves_nothing_behind(poller, hub, room):
    async with poller.waiting(hub, after=2) as poll:
        poll.cancel()
        await asyncio.wait([poll])
    assert not running.leaving


async def test_a_number_ahead_of_the_log_is_reset(poller):
    assert await poller.events(after=3) == {"events": [], "seq": 2, "reset": True}
    assert await poller.events(after=2**63 - 2) == {"events": [], "seq": 2, "reset": True}


async def test_a_pruned_number_is_reset(poller, room):
    def prune():
        Event.objects.filter(stream=room.pk, seq=1).delete()
        Stream.objects.filter(pk=room.pk).update(pruned=1)

    await do(prune)
    assert await poller.events(after=0) == {"events": [], "seq": 2, "reset": True}
    assert len((await poller.events(after=1))["events"]) == 1


async def test_a_long_log_comes_in_parts(poller, alice, room, say, monkeypatch):
    monkeypatch.setattr(events, "EVENTS_AT_ONCE", 2)
    await do(say, alice, room, "Hello")
    first = await poller.events(after=0)
    assert (len(first["events"]), first["seq"], first["reset"]) == (2, 2, False)
    second = await poller.events(after=2)
    assert (len(second["events"]), second["seq"]) == (1, 3)


async def test_what_was_deleted_is_empty(poller, alice, room, say):
    said = await do(say, alice, room, "Secret")
    await do(delete_message, actor=alice, message_id=said.message_id)
    response = await poller.ask(after=2)
    assert b"Secret" not in response.content
    assert [event["type"] for event in response.json()["events"]] == ["message.posted", "message.deleted"]


async def test_an_outsider_hears_nothing(mallory, room, open_room, alice):
    inside = (await do(tokens_of, alice)).access
    assert (await Poller(inside, open_room).events(after=0))["seq"] == 1
    token = (await do(tokens_of, mallory)).access
    problem(await Poller(token, room).ask(after=0), 404, "not_found")
    problem(await Poller(token, open_room).ask(after=0), 403, "forbidden")
    problem(await Poller(token, "4242").ask(after=0), 404, "not_found")
    problem(await Poller(token, "x").ask(after=0), 404, "not_found")


async def test_nobody_hears_nothing(room):
    response = await Poller(None, room).ask(after=0)
    problem(response, 401, "unauthorized")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "x"}, "after"),
        ({"after": -1}, "after"),
        ({"after": "9" * 30}, "after"),
        ({"after": 1, "wait": "x"}, "wait"),
        ({"after": 1, "wait": -1}, "wait"),
        ({"after": 1, "wait": "1.5"}, "wait"),
    ],
)
async def test_bad_parameters_are_named(poller, query, field):
    problem(await poller.ask(**query), 400, "bad_request", field)


async def test_it_is_only_for_reading(poller):
    response = await poller.client.post(poller.path, headers=poller.headers)
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD"

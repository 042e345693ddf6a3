"""Outgoing webhooks of a real server, to a real receiver: all of it, in order, until it is heard."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.support.cast import Cast
from tests.support.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


class Desk:
    """Alice's requests about the hooks of a room."""

    def __init__(self, cast: Cast, room: str) -> None:
        self.base = f"{cast.parley.url}/api/v1/rooms/{room}/hooks/"
        self._headers = {"Authorization": f"Bearer {cast.tokens['alice']}"}

    def ask(self, method: str, path: str = "", **options: Any) -> Any:
        answer = httpx.request(method, self.base + path, headers=self._headers, **options).raise_for_status()
        return answer.json() if answer.content else None

    def until(self, hook: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while not condition(found := self.ask("GET", f"{hook}/")):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return dict(found)


async def said(cast: Cast, room: str, number: int) -> list[int]:
    alice = await cast.client("alice").start()
    answers = [await alice.post(room, f"said {each}") for each in range(number)]
    return [answer["seq"] for answer in answers]


def numbers(receiver: Receiver) -> list[int]:
    return [json.loads(body)["seq"] for _, body in receiver.heard]


async def test_each_event_is_sent_in_order_signed_and_as_it_stands_in_the_log(
    fresh: Callable[..., Cast], receiver: Receiver
) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()
    desk = Desk(cast, room)
    hook = desk.ask("POST", json={"url": receiver.url})
    sent = await said(cast, room, 45)
    await asyncio.to_thread(receiver.until, 45)
    assert numbers(receiver) == sent
    headers, body = receiver.heard[0]
    event = json.loads(body)
    assert (event["op"], event["type"], event["data"]["body"]) == ("event", "message.posted", "said 0")
    assert headers["Parley-Delivery"] == f"{hook['id']}:{sent[0]}" and headers["Parley-Event"] == "message.posted"
    signed = hmac.new(hook["secret"].encode(), f"{headers['Parley-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["Parley-Signature"] == "v1=" + signed.hexdigest()
    assert abs(int(headers["Parley-Timestamp"]) - time.time()) < 60
    tries = desk.ask("GET", f"{hook['id']}/deliveries/")["results"]
    assert [each["seq"] for each in tries] == sent[::-1] and {each["status"] for each in tries} == {204}


async def test_only_what_is_wanted_is_sent(fresh: Callable[..., Cast], receiver: Receiver) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()
    hook = Desk(cast, room).ask("POST", json={"url": receiver.url, "events": ["message.edited"]})
    alice = await cast.client("alice").start()
    message = (await alice.post(room, "first"))["message"]
    edited = (await alice.ask("edit", message=message, body="second"))["seq"]
    last = (await alice.post(room, "third"))["seq"]
    await asyncio.to_thread(receiver.until, 1)
    await asyncio.to_thread(Desk(cast, room).until, hook["id"], lambda found: found["cursor"] == last)
    assert numbers(receiver) == [edited]


@pytest.mark.parametrize("trouble", [500, 302, 404, 0])
async def test_what_is_not_heard_is_sent_again_before_anything_else(
    fresh: Callable[..., Cast], receiver: Receiver, trouble: int
) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()
    receiver.answer = lambda number: trouble if number == 2 else 200
    receiver.location = "http://127.0.0.1:1/elsewhere"
    desk = Desk(cast, room)
    hook = desk.ask("POST", json={"url": receiver.url})["id"]
    sent = await said(cast, room, 3)
    await asyncio.to_thread(receiver.until, 2)
    failing = await asyncio.to_thread(desk.until, hook, lambda found: found["failing_since"] is not None)
    assert failing["cursor"] == sent[0] and failing["retry_at"]
    await asyncio.to_thread(receiver.until, 4)
    assert numbers(receiver) == [sent[0], sent[1], sent[1], sent[2]]
    again = [headers["Parley-Delivery"] for headers, _ in receiver.heard[1:3]]
    assert again[0] == again[1], "a receiver tells repeats by it"
    found = await asyncio.to_thread(desk.until, hook, lambda found: found["cursor"] == sent[-1])
    assert found["failing_since"] is None


async def test_one_that_is_gone_is_disabled_and_goes_on_when_it_is_enabled(
    fresh: Callable[..., Cast], receiver: Receiver
) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()
    receiver.answer = lambda number: 410 if number == 1 else 200
    desk = Desk(cast, room)
    hook = desk.ask("POST", json={"url": receiver.url})["id"]
    sent = await said(cast, room, 2)
    found = await asyncio.to_thread(desk.until, hook, lambda found: found["disabled_at"] is not None)
    assert "410" in found["disabled_why"]
    desk.ask("PATCH", f"{hook}/", json={"enabled": True})
    await asyncio.to_thread(receiver.until, 3)
    assert numbers(receiver) == [sent[0], *sent]


async def test_what_was_sent_is_sent_again_when_asked_for(fresh: Callable[..., Cast], receiver: Receiver) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()
    desk = Desk(cast, room)
    hook = desk.ask("POST", json={"url": receiver.url})["id"]
    sent = await said(cast, room, 3)
    await asyncio.to_thread(desk.until, hook, lambda found: found["cursor"] == sent[-1])
    desk.ask("POST", f"{hook}/redeliver/", json={"seq": sent[1]})
    await asyncio.to_thread(receiver.until, 5)
    assert numbers(receiver) == [*sent, *sent[1:]]


async def test_a_server_that_is_killed_goes_on_where_it_was(fresh: Callable[..., Cast], receiver: Receiver) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="on")
    room = cast.room()

    def slowly(number: int) -> int:
        time.sleep(0.05)
        return 200

    receiver.answer = slowly
    hook = Desk(cast, room).ask("POST", json={"url": receiver.url})["id"]
    sent = await said(cast, room, 40)
    await asyncio.to_thread(receiver.until, 5)
    await asyncio.to_thread(cast.parley.terminate)
    await asyncio.to_thread(cast.parley.start)
    await asyncio.to_thread(Desk(cast, room).until, hook, lambda found: found["cursor"] == sent[-1])
    heard = numbers(receiver)
    assert sorted(set(heard)) == sent and heard == sorted(heard)
    assert len(heard) <= len(sent) + 1, "what was under way is sent once more, and nothing else"


async def test_nothing_is_sent_to_an_inner_network(fresh: Callable[..., Cast], receiver: Receiver) -> None:
    cast = fresh(HOOKS_ALLOW_PRIVATE="off")
    room = cast.room()
    desk = Desk(cast, room)
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        desk.ask("POST", json={"url": receiver.url})
    hook = desk.ask("POST", json={"url": "https://localhost/"})["id"]
    await said(cast, room, 1)
    await asyncio.to_thread(desk.until, hook, lambda found: found["failing_since"] is not None)
    (tried,) = desk.ask("GET", f"{hook}/deliveries/")["results"]
    assert tried["status"] is None and "inner network" in tried["error"]
    assert receiver.heard == []

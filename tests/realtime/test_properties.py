"""Clients that post, edit, delete, drop, reconnect, resend and resume, as hypothesis likes: every log is the log."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, rule, run_state_machine_as_test

from tests.support.cast import Cast, assemble
from tests.support.client import Client
from tests.support.server import Parley
from tests.support.stored import stored_events

T = TypeVar("T")
EXAMPLES = 30
STEPS = 30
NAMES = ("alice", "bob", "carol")

bodies = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=40),
    st.sampled_from(["**bold**", "@bob look", "`code`", "> quote", "<b>html</b>", "😀" * 30, "x" * 5000]),
).filter(str.strip)


class Loop:
    """An event loop in a thread: hypothesis is synchronous, the clients are not."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Member:
    """One person's device: connected or not, with posts that nobody has answered yet."""

    def __init__(self, client: Client, room: str) -> None:
        self.client = client
        self.room = room
        self.connected = False
        self.outbox: dict[str, str] = {}

    async def connect(self) -> None:
        if not self.connected:
            await self.client.start()
            self.connected = True
            await self.resend()

    async def drop(self) -> None:
        if self.connected:
            self.connected = False
            await self.client.drop()

    async def resend(self) -> None:
        for id, body in list(self.outbox.items()):
            answer = await self.client.post(self.room, body, id=id)
            assert answer["op"] == "ok", answer
            del self.outbox[id]


def machine(cast: Cast, loop: Loop) -> type[RuleBasedStateMachine]:
    class Talk(RuleBasedStateMachine):
        """What a model says of a room, beside what its members hear."""

        messages = Bundle("messages")

        @initialize()
        def enter(self) -> None:
            self.room = cast.new_room("bob", "carol")
            self.members = {name: Member(cast.client(name), self.room) for name in NAMES}
            self.posted: dict[str, tuple[str, str]] = {}
            for member in self.members.values():
                loop.run(member.connect())

        @rule(target=messages, name=st.sampled_from(NAMES), body=bodies)
        def post(self, name: str, body: str) -> tuple[str, str]:
            member = self.members[name]
            loop.run(member.connect())
            id = str(uuid.uuid4())
            ok = loop.run(member.client.post(self.room, body, id=id))
            assert ok["op"] == "ok", ok
            self.posted[id] = (name, body)
            return name, ok["message"]

        @rule(name=st.sampled_from(NAMES), body=bodies, twice=st.booleans())
        def post_and_drop(self, name: str, body: str, twice: bool) -> None:
            """The answer may be lost, or the post."""
            member = self.members[name]
            loop.run(member.connect())
            id = str(uuid.uuid4())
            member.outbox[id] = body
            self.posted[id] = (name, body)
            for ref in range(2 if twice else 1):
                frame = {"op": "post", "ref": f"lost-{ref}", "room": self.room, "id": id, "body": body}
                loop.run(member.client.send(frame))
            loop.run(member.drop())

        @rule(message=messages, body=bodies)
        def edit(self, message: tuple[str, str], body: str) -> None:
            name, id = message
            loop.run(self.members[name].connect())
            answer = loop.run(self.members[name].client.ask("edit", message=id, body=body))
            assert answer["op"] == "ok" or answer["code"] == "not_found"

        @rule(message=consumes(messages))
        def delete(self, message: tuple[str, str]) -> None:
            name, id = message
            loop.run(self.members[name].connect())
            assert loop.run(self.members[name].client.ask("delete", message=id))["op"] == "ok"

        @rule(name=st.sampled_from(NAMES))
        def drop(self, name: str) -> None:
            loop.run(self.members[name].drop())

        @rule(name=st.sampled_from(NAMES))
        def reconnect(self, name: str) -> None:
            loop.run(self.members[name].connect())

        def teardown(self) -> None:
            if not hasattr(self, "members"):
                return
            try:
                for member in self.members.values():
                    loop.run(member.connect())
                self.check(stored_events(cast.parley, self.room))
            finally:
                loop.run(cast.leave())

        def check(self, stored: list[dict[str, Any]]) -> None:
            assert [event["seq"] for event in stored] == list(range(1, len(stored) + 1))
            posted = [event["data"] for event in stored if event["type"] == "message.posted"]
            assert sorted(data["client_id"] for data in posted) == sorted(self.posted)
            gone = {event["data"]["id"] for event in stored if event["type"] == "message.deleted"}
            for data in posted:
                name, body = self.posted[data["client_id"]]
                assert data["sender"]["id"] == cast.ids[name]
                assert data["body"] == ("" if data["id"] in gone else body)
            stream = f"room:{self.room}"
            for member in self.members.values():
                loop.run(member.client.until(lambda m=member: m.client.cursors[stream] == len(stored)))
                heard = [event for event in member.client.events if event["stream"] == stream]
                first = heard[0]["seq"] if heard else len(stored) + 1
                assert [without_words(event, gone) for event in heard] == [
                    without_words(event, gone) for event in stored[first - 1 :]
                ]

    return Talk


def without_words(event: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    """The event, or what the log keeps of it when its message was deleted since."""
    if event["data"].get("id") not in gone or event["type"] == "message.deleted":
        return event
    words = {"body", "html", "mentions", "deleted_at"}
    return event | {"data": {name: value for name, value in event["data"].items() if name not in words}}


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


def test_every_members_log_is_the_log(tmp_path_factory: pytest.TempPathFactory, loop: Loop) -> None:
    parley = Parley(
        tmp_path_factory.mktemp("properties") / "parley", {"POSTS_PER_10S": "1000000", "API_THROTTLE": "off"}
    ).start()
    try:
        cast = assemble(parley, "carol")
        run_state_machine_as_test(
            machine(cast, loop),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert "Traceback" not in parley.log(), parley.log()
    finally:
        parley.kill()

"""What was acknowledged is there once, and what happened is heard once and in order, whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from parley_client import Client, Event, FileStore, Posted, Reset, limits
from tests.support.cast import Cast
from tests.torture.proxy import Proxy

WAIT_SECONDS = 60


class Ear:
    """Writes down all that a client gives."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.heard: list[Event | Reset] = []
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in self.client.events():
            self.heard.append(event)
            async with self._changed:
                self._changed.notify_all()

    async def until(self, stream: str, seq: int) -> None:
        async with asyncio.timeout(WAIT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: seq in self.numbers(stream))

    def numbers(self, stream: str) -> list[int]:
        return [event.seq for event in self.heard if event.stream == stream]

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@contextlib.asynccontextmanager
async def talking(cast: Cast, url: str, ear_url: str = "") -> AsyncIterator[tuple[Client, Ear]]:
    """Alice, who talks at `url`, and Bob, who listens at `ear_url`."""
    async with (
        Client(url, token=cast.tokens["alice"], patience=30) as alice,
        Client(ear_url or url, token=cast.tokens["bob"], patience=30) as bob,
    ):
        ear = Ear(bob)
        try:
            yield alice, ear
        finally:
            await ear.stop()


def start(alice: Client, room: str, number: int, prefix: str = "") -> list[asyncio.Task[Posted]]:
    return [asyncio.create_task(alice.post(room, f"{prefix}{each}")) for each in range(number)]


async def lost(client: Client) -> None:
    """Waits until it has no connection."""
    async with asyncio.timeout(WAIT_SECONDS):
        while client._connection.live.is_set():  # noqa: ASYNC110 - nobody else needs to be told
            await asyncio.sleep(0.02)


async def check(cast: Cast, room: str, ear: Ear, tasks: list[asyncio.Task[Posted]]) -> None:
    """Everything was acknowledged, is in the history once, and was heard once and in order."""
    async with asyncio.timeout(WAIT_SECONDS):
        posted = await asyncio.gather(*tasks)
    headers = {"Authorization": f"Bearer {cast.tokens['alice']}"}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.get(f"{cast.parley.url}/api/v1/rooms/{room}/messages/?limit=200")
    stored = answer.raise_for_status().json()["results"]
    assert [each["client_id"] for each in stored] == [each.client_id for each in posted]
    assert [each["seq"] for each in stored] == [each.seq for each in posted]
    stream = f"room:{room}"
    await ear.until(stream, posted[-1].seq)
    numbers = ear.numbers(stream)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert not [each for each in ear.heard if isinstance(each, Reset)]


async def test_connections_that_are_cut_again_and_again(own_cast: Cast, proxy: Proxy) -> None:
    room, url = own_cast.room(), f"http://127.0.0.1:{proxy.port}"
    async with talking(own_cast, url) as (alice, ear):
        tasks: list[asyncio.Task[Posted]] = []
        for turn in range(5):
            tasks += start(alice, room, 20, f"{turn}.")
            await tasks[-15]
            if turn % 2:
                proxy.cut_all()
            else:
                proxy.cut_in_a_frame()
        await check(own_cast, room, ear, tasks)


@pytest.mark.parametrize("how", ["terminate", "kill"])
async def test_a_server_that_is_started_again_while_messages_are_under_way(own_cast: Cast, how: str) -> None:
    room = own_cast.room()
    async with talking(own_cast, own_cast.parley.url) as (alice, ear):
        tasks = start(alice, room, 100)
        await tasks[5]
        await asyncio.to_thread(getattr(own_cast.parley, how))
        await asyncio.to_thread(own_cast.parley.restart)
        await check(own_cast, room, ear, tasks)


async def test_a_half_open_connection_is_noticed(own_cast: Cast, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IDLE_SECONDS", 0.5)
    monkeypatch.setattr(limits, "PONG_SECONDS", 0.5)
    room, url = own_cast.room(), f"http://127.0.0.1:{proxy.port}"
    async with talking(own_cast, url) as (alice, ear):
        await alice.post(room, "before")
        proxy.weather.silent = True
        tasks = start(alice, room, 3)
        await lost(alice)
        proxy.weather.silent = False
        await alice.post(room, "after")
        await asyncio.gather(*tasks)
        await ear.until(f"room:{room}", (await alice.post(room, "last")).seq)
        numbers = ear.numbers(f"room:{room}")
        assert numbers == list(range(numbers[0], numbers[0] + 6))


async def test_nobody_there_for_a_while(own_cast: Cast, proxy: Proxy) -> None:
    room, url = own_cast.room(), f"http://127.0.0.1:{proxy.port}"
    async with talking(own_cast, url, own_cast.parley.url) as (alice, ear):
        proxy.weather.closed = True
        proxy.cut_all()
        tasks = start(alice, room, 10)
        await lost(alice)
        proxy.weather.closed = False
        await check(own_cast, room, ear, tasks)


async def test_a_room_that_was_joined_while_away_is_heard_from_its_beginning(own_cast: Cast, proxy: Proxy) -> None:
    async with talking(own_cast, own_cast.parley.url, f"http://127.0.0.1:{proxy.port}") as (alice, ear):
        proxy.weather.closed = True
        proxy.cut_all()
        room = await asyncio.to_thread(own_cast.new_room, "bob")
        tasks = start(alice, room, 10)
        await asyncio.gather(*tasks)
        proxy.weather.closed = False
        await check(own_cast, room, ear, tasks)
        assert len(ear.numbers(f"room:{room}")) >= 10
        assert room in ear.client.rooms


async def test_a_restored_backup_resets_every_stream(own_cast: Cast) -> None:
    room = own_cast.room()
    async with talking(own_cast, own_cast.parley.url) as (alice, ear):
        await ear.until(f"room:{room}", (await alice.post(room, "before")).seq)
        own_cast.parley.terminate()
        archive = str(own_cast.parley.data / "backup.tar.gz")
        own_cast.parley.manage("backup", archive)
        own_cast.parley.manage("restore", archive, "--replace")
        await asyncio.to_thread(own_cast.parley.start)
        posted = await alice.post(room, "after")
        await ear.until(f"room:{room}", posted.seq)
        resets = [each.stream for each in ear.heard if isinstance(each, Reset)]
        assert f"room:{room}" in resets and f"user:{own_cast.ids['bob']}" in resets
        assert len(resets) == len(set(resets))


async def test_a_long_absence_is_made_good_though_the_application_talks_meanwhile(
    own_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INBOX_ITEMS", 5)
    room, other = own_cast.room(), own_cast.room()

    def bot() -> Client:
        return Client(own_cast.parley.url, token=own_cast.tokens["bob"], store=FileStore(tmp_path / "bot.json"))

    async with Client(own_cast.parley.url, token=own_cast.tokens["alice"]) as alice:
        async with bot() as client:
            await alice.post(room, "begin")
            async for event in client.events():
                if event.message is not None:
                    break
        posted = [await alice.post(room, str(number)) for number in range(30)]
    async with bot() as client, asyncio.timeout(WAIT_SECONDS):
        assert room in client.rooms
        numbers: list[int] = []
        async for event in client.events():
            if event.room == room:
                numbers.append(event.seq)
                await client.post(other, f"heard {event.seq}")
                if event.seq == posted[-1].seq:
                    break
        assert numbers == [each.seq for each in posted]
        assert [each.body async for each in client.rest.history(other)] == [f"heard {seq}" for seq in numbers]


async def test_an_application_that_does_not_read_holds_the_server_back_and_loses_nothing(
    own_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INBOX_ITEMS", 5)
    room = own_cast.room()
    async with Client(own_cast.parley.url, token=own_cast.tokens["alice"]) as alice:
        # Nobody reads its own messages: the inbox is full after five, and the rest goes by HTTP.
        posted = [await alice.post(room, str(number)) for number in range(30)]
        assert alice._inbox.stalled.is_set()
        numbers: list[int] = []
        async with asyncio.timeout(WAIT_SECONDS):
            async for event in alice.events():
                if event.room == room:
                    numbers.append(event.seq)
                    if event.seq == posted[-1].seq:
                        break
        assert numbers == [each.seq for each in posted]


async def test_it_is_left_at_once_while_it_holds_the_server_back(
    own_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INBOX_ITEMS", 5)
    room = own_cast.room()
    async with asyncio.timeout(WAIT_SECONDS):
        async with Client(own_cast.parley.url, token=own_cast.tokens["alice"]) as alice:
            for number in range(60):
                await alice.post(room, str(number))
            assert alice._inbox.stalled.is_set()
            begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 1

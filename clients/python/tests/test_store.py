"""A client that goes on after its own restart."""

from __future__ import annotations

import asyncio
import stat
import uuid
from pathlib import Path

import pytest
from canned import Canned, answers

from parley_client import Client, Closed, Cursors, Entry, FileStore, State, StoreError
from parley_client.keeping import Keeping
from tests.support.cast import Cast


def test_a_state_is_kept_as_it_was(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "folder" / "state.json")
    assert store.load() is None
    state = State("https://x", "3", Cursors("e", {"room:1": 5}), [Entry("1", "12", "hé", None)])
    store.save(state)
    store.close()
    assert FileStore(tmp_path / "folder" / "state.json").load() == state
    assert stat.S_IMODE((tmp_path / "folder" / "state.json").stat().st_mode) == 0o600
    assert sorted(each.name for each in (tmp_path / "folder").iterdir()) == ["state.json", "state.json.lock"]


def test_one_client_at_a_time(tmp_path: Path) -> None:
    first, second = FileStore(tmp_path / "state.json"), FileStore(tmp_path / "state.json")
    first.load()
    with pytest.raises(StoreError, match="in use"):
        second.load()
    first.close()
    assert second.load() is None
    second.close()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 2}', '{"version": 1, "url": "x"}'])
def test_what_is_no_state_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    store = FileStore(tmp_path / "state.json")
    with pytest.raises(StoreError, match="no state"):
        store.load()
    store.close()


async def test_it_hears_what_came_while_it_was_away_and_nothing_twice(cast: Cast, tmp_path: Path, open_client) -> None:
    room = cast.room()
    alice = await open_client(cast.parley.url, cast.tokens["alice"])

    async def bot(number: int) -> list[str]:
        """Hears so many messages of the room, and is gone."""
        store, heard = FileStore(tmp_path / "state.json"), []
        async with Client(cast.parley.url, token=cast.tokens["bob"], store=store) as client:
            async for event in client.events():
                if event.message is not None and event.message.room == room:
                    heard.append(event.message.body)
                    if len(heard) == number:
                        break
        return heard

    first = asyncio.create_task(bot(2))
    while not (tmp_path / "state.json").exists():  # noqa: ASYNC110 - until it has begun
        await asyncio.sleep(0.02)
    for word in ("one", "two", "three"):
        await alice.post(room, word)
    assert await first == ["one", "two"]
    await alice.post(room, "four")
    assert await bot(2) == ["three", "four"]
    await alice.post(room, "five")
    assert await bot(1) == ["five"]


async def test_an_event_whose_handling_fails_comes_again(cast: Cast, tmp_path: Path, open_client) -> None:
    room = cast.room()
    alice = await open_client(cast.parley.url, cast.tokens["alice"])
    store = FileStore(tmp_path / "state.json")
    with pytest.raises(ZeroDivisionError):
        async with Client(cast.parley.url, token=cast.tokens["bob"], store=store) as client:
            await alice.post(room, "one")
            async for event in client.events():
                if event.message is not None and event.message.room == room:
                    raise ZeroDivisionError
    async with Client(cast.parley.url, token=cast.tokens["bob"], store=store) as client:
        async for event in client.events():
            if event.message is not None and event.message.room == room:
                assert event.message.body == "one"
                break


async def test_what_was_not_acknowledged_is_sent_by_the_next_run(cast: Cast, tmp_path: Path) -> None:
    room, id = cast.room(), str(uuid.uuid4())
    store = FileStore(tmp_path / "state.json")
    entries = [Entry(id, room, "of yesterday"), Entry(str(uuid.uuid4()), "999999", "to nowhere")]
    store.save(State(cast.parley.url, cast.ids["bob"], outbox=entries))
    async with Client(cast.parley.url, token=cast.tokens["bob"], store=store) as client:
        assert (await client.post(room, "of yesterday", id=id)).client_id == id
        await client.post(room, "of today")
        found = [message.body async for message in client.rest.history(room)]
        assert found == ["of yesterday", "of today"]
    state = FileStore(tmp_path / "state.json").load()
    assert state is not None and state.outbox == []


async def test_what_is_under_way_at_the_end_is_kept(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def says_nothing(canned: Canned, connection) -> None:
        await canned.begin(connection)
        await canned.hear(connection)
        heard.set()
        await connection.wait_closed()

    async with Canned(says_nothing) as canned:
        client = Client(canned.url, token="parley_x", store=FileStore(tmp_path / "state.json"))
        async with client:
            waiting = asyncio.create_task(client.post("12", "hi"))
            await heard.wait()
        with pytest.raises(Closed):
            await waiting
        state = FileStore(tmp_path / "state.json").load()
        assert state is not None and [entry.body for entry in state.outbox] == ["hi"]


@pytest.mark.parametrize(("url", "user"), [("http://elsewhere", "3"), (None, "4")])
async def test_a_state_of_somebody_else_is_refused(tmp_path: Path, url: str | None, user: str) -> None:
    async with Canned(answers) as canned:
        store = FileStore(tmp_path / "state.json")
        store.save(State(url or canned.url, user))
        with pytest.raises(StoreError, match="belongs to"):
            async with Client(canned.url, token="parley_x", store=store):
                pass
        assert store.load() is not None  # nobody has it open


async def test_a_store_that_fails_ends_the_client(tmp_path: Path) -> None:
    class Full(FileStore):
        def save(self, state: State) -> None:
            raise OSError("no space left")

    async with Canned(answers) as canned, Client(canned.url, token="x", store=Full(tmp_path / "state.json")) as client:
        with pytest.raises(OSError, match="no space"):
            await client.post("12", "hi")


async def test_writes_that_come_together_are_one() -> None:
    class Counting:
        saves = 0

        def load(self) -> None:
            return None

        def save(self, state: State) -> None:
            self.saves += 1

        def close(self) -> None:
            return None

    store = Counting()
    keeping = Keeping(store, lambda: State("x"))
    running = asyncio.create_task(keeping.run())
    for _ in range(100):
        keeping.touch()
    await keeping.flush()
    assert store.saves == 1
    keeping.touch()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await keeping.finish()
    assert store.saves == 2

"""Saying and hearing, on a server that works."""

from __future__ import annotations

import asyncio
import logging
import uuid
from pathlib import Path

import pytest
from personal import personal_token

from parley_client import (
    BadRequest,
    Client,
    Closed,
    Conflict,
    Event,
    FileStore,
    Forbidden,
    Message,
    NotFound,
    ParleyError,
    SignedOut,
    TooLarge,
    Unreachable,
)
from tests.support.cast import Cast


async def message(client: Client, room: str) -> Message:
    """The next message in this room."""
    async for event in client.events():
        if event.message is not None and event.message.room == room:
            return event.message
    raise AssertionError("the events ended")


async def test_what_one_says_the_other_hears(cast: Cast, open_client) -> None:
    room = cast.room()
    alice, bob = [await open_client(cast.parley.url, cast.tokens[name]) for name in ("alice", "bob")]
    posted = await alice.post(room, "**hi**")
    heard = await message(bob, room)
    assert (heard.id, heard.seq, heard.client_id) == (posted.id, posted.seq, posted.client_id)
    assert (heard.body, heard.sender.username, heard.html) == ("**hi**", "alice", "<p><strong>hi</strong></p>")


async def test_it_knows_who_it_is_and_where(cast: Cast, open_client) -> None:
    room = cast.room()
    bob = await open_client(cast.parley.url, personal_token(cast, "bob"))
    assert bob.user.username == "bob"
    assert bob.rooms[room].kind == "private"
    assert bob.room(room) is bob.room(str(bob.rooms[room].slug)) is bob.rooms[room]
    with pytest.raises(NotFound):
        bob.room("nowhere")


async def test_a_reply_and_an_id_of_ones_own(cast: Cast, open_client) -> None:
    room, id = cast.room(), str(uuid.uuid4())
    bob = await open_client(cast.parley.url, cast.tokens["bob"])
    first = await bob.post(room, "one", id=id)
    again = await bob.post(room, "one", id=id)
    assert again == first
    reply = await bob.post(bob.rooms[room], "two", reply_to=first.id)
    assert (await bob.rest.message(reply.id)).reply_to == first.id


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [("bob", "", BadRequest), ("bob", "x" * 16_001, TooLarge), ("mallory", "let me in", NotFound)],
)
async def test_what_the_server_will_not_have_raises(
    cast: Cast, open_client, name: str, body: str, error: type[ParleyError]
) -> None:
    client = await open_client(cast.parley.url, cast.tokens[name])
    with pytest.raises(error):
        await client.post(cast.rooms[0], body)


async def test_an_id_with_other_words_is_a_conflict(cast: Cast, open_client) -> None:
    room, id = cast.room(), str(uuid.uuid4())
    bob = await open_client(cast.parley.url, cast.tokens["bob"])
    await bob.post(room, "one", id=id)
    with pytest.raises(Conflict):
        await bob.post(room, "two", id=id)
    assert (await bob.post(room, "and it goes on")).seq


async def test_a_token_that_only_reads_hears_and_says_nothing(cast: Cast, open_client) -> None:
    room = cast.room()
    reader = await open_client(cast.parley.url, personal_token(cast, "bob", "read"))
    with pytest.raises(Forbidden):
        await reader.post(room, "no")
    alice = await open_client(cast.parley.url, cast.tokens["alice"])
    await alice.post(room, "listen")
    assert (await message(reader, room)).body == "listen"


async def test_many_in_one_room_arrive_in_the_order_of_writing(cast: Cast, open_client) -> None:
    room = cast.room()
    bob = await open_client(cast.parley.url, cast.tokens["bob"])
    posted = await asyncio.gather(*(bob.post(room, str(number)) for number in range(50)))
    assert [each.body for each in sorted(posted, key=lambda each: each.seq)] == [str(number) for number in range(50)]


async def test_a_room_that_is_joined_is_heard_and_one_that_is_left_is_not(cast: Cast, open_client) -> None:
    bob = await open_client(cast.parley.url, cast.tokens["bob"])
    alice = await open_client(cast.parley.url, cast.tokens["alice"])
    room = cast.new_room("bob")
    await alice.post(room, "welcome")
    assert (await message(bob, room)).body == "welcome"
    assert room in bob.rooms
    await bob.rest.leave(room)
    async for event in bob.events():
        if isinstance(event, Event) and event.type == "room.removed" and event.data["room"] == room:
            break
    assert room not in bob.rooms


async def test_a_token_that_is_none_ends_it_at_once(cast: Cast) -> None:
    with pytest.raises(SignedOut):
        async with Client(cast.parley.url, token="parley_none"):
            pass


async def test_a_token_that_may_not_read_ends_it_at_once(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        async with Client(cast.parley.url, token=personal_token(cast, "bob", "write")):
            pass


async def test_a_server_that_is_not_there_is_unreachable_within_the_patience() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        async with Client("http://127.0.0.1:9", token="parley_x", patience=0.5):
            pass


async def test_it_leaves_nothing_running(cast: Cast, tmp_path: Path) -> None:
    async def busy() -> None:
        store = FileStore(tmp_path / "state.json")
        async with Client(cast.parley.url, token=cast.tokens["bob"], store=store) as bob:
            opened.set()
            async for _ in bob.events():
                pass

    before, opened = asyncio.all_tasks(), asyncio.Event()
    task = asyncio.create_task(busy())
    await opened.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == before
    with pytest.raises(SignedOut):
        async with Client(cast.parley.url, token="parley_none"):
            pass
    assert asyncio.all_tasks() == before


async def test_no_token_and_no_word_is_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpcore", "websockets", "websockets.client"):
        caplog.set_level(logging.DEBUG, name)
    async with Client(cast.parley.url, token=cast.tokens["bob"]) as bob:
        await bob.post(cast.room(), "a secret word")
        await bob.rest.me()
    assert caplog.text
    assert cast.tokens["bob"] not in caplog.text
    assert "a secret word" not in "".join(each.getMessage() for each in caplog.records if "client" in each.name)


async def test_after_the_end_nothing_is_posted(cast: Cast) -> None:
    async with Client(cast.parley.url, token=cast.tokens["bob"]) as bob:
        pass
    with pytest.raises(Closed):
        await bob.post(cast.rooms[0], "too late")
    with pytest.raises(Closed):
        await anext(aiter(bob.events()))


@pytest.mark.parametrize("url", ["chat.example.org", "ftp://x", "https://u:p@x", "https://x/?token=1", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Client(url, token="x")

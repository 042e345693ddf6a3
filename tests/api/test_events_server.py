"""The long poll on the production server: what waiting costs, and how it ends."""

import asyncio
import contextlib
import os
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests.support.cast import Cast, assemble
from tests.support.server import Parley

POLLS = 60


def threads_of(parley: Parley) -> int:
    assert parley.process is not None
    return len(list(Path(f"/proc/{parley.process.pid}/task").iterdir()))


def sockets_of(parley: Parley) -> int:
    assert parley.process is not None
    number = 0
    for file in Path(f"/proc/{parley.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            number += os.readlink(file).startswith("socket:")
    return number


def program(parley: Parley, cast: Cast, name: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{parley.url}/api/v1/",
        headers={"Authorization": f"Bearer {cast.tokens[name]}"},
        timeout=30,
        limits=httpx.Limits(max_connections=None),
    )


async def until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@pytest.fixture
def cast(parley_server: Parley) -> Cast:
    return assemble(parley_server)


async def test_those_who_wait_hold_no_thread_and_all_hear_the_post(parley_server, cast):
    room = cast.room()
    async with program(parley_server, cast, "bob") as bob, program(parley_server, cast, "alice") as alice:
        seq = (await bob.get(f"rooms/{room}/events/")).json()["seq"]
        path = f"rooms/{room}/events/?after={seq}&wait=25"
        polls = [asyncio.create_task(bob.get(path)) for _ in range(POLLS)]
        await until(lambda: sockets_of(parley_server) >= POLLS)
        # Each needs a thread to begin with, and has let it go when it comes to wait.
        await until(lambda: threads_of(parley_server) < 20)
        assert not any(poll.done() for poll in polls)
        posted = await alice.post(f"rooms/{room}/messages/", json={"id": str(uuid.uuid4()), "body": "Hello"})
        assert posted.status_code == 201
        answers = [(await poll).json() for poll in polls]
        assert all(answer["seq"] == posted.json()["seq"] for answer in answers)
        assert all(answer["events"][0]["data"] == posted.json() for answer in answers)


async def test_it_does_not_hold_up_the_end_of_the_server(parley_server, cast):
    room = cast.room()
    async with program(parley_server, cast, "bob") as bob:
        seq = (await bob.get(f"rooms/{room}/events/")).json()["seq"]
        poll = asyncio.create_task(bob.get(f"rooms/{room}/events/?after={seq}&wait=25"))
        for _ in range(5):  # by then the poll is there, too
            await bob.get("me/")
        assert not poll.done()
        started = time.monotonic()
        assert await asyncio.to_thread(parley_server.terminate) == 0
        assert time.monotonic() - started < 10
        answer = await poll
        assert answer.status_code == 200
        assert answer.json() == {"events": [], "seq": seq, "reset": False}

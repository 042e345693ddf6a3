"""The examples, run as they stand, on a real server."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from personal import personal_token

from tests.support.cast import Cast
from tests.torture.proxy import Proxy

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = Path(__file__).parents[1] / "src"
WAIT_SECONDS = 60


class Program:
    """An example that runs: its lines of output, and what it is told."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, end: str) -> None:
        """Waits for a line that ends so."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_SECONDS):
            while not (self.lines and self.lines[-1].endswith(end)):
                line = await self.process.stdout.readline()
                assert line, f"it ended, with {self.lines}"
                self.lines.append(line.decode().rstrip("\n"))

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")

    async def end(self) -> int:
        """Ends its input; returns the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.process.wait()

    @property
    def heard(self) -> list[str]:
        return [line for line in self.lines if not line.startswith("-- ")]


Start = Callable[..., "asyncio.Future[Program]"]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """`await start(url, token, "bot.py", …)` gives a running Program."""
    programs: list[Program] = []

    async def started(url: str, token: str, *command: str) -> Program:
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PARLEY_URL": url, "PARLEY_TOKEN": token}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=EXAMPLES, env=env, stdin=pipe, stdout=pipe)
        programs.append(Program(process))
        return programs[-1]

    yield started  # type: ignore[misc]
    for program in programs:
        if program.process.returncode is None:
            program.process.kill()
        await program.process.communicate()


async def bodies(cast: Cast, room: str) -> list[str]:
    """What was said in the room, oldest first."""
    headers = {"Authorization": f"Bearer {cast.tokens['alice']}"}
    async with httpx.AsyncClient(headers=headers) as http:
        answer = await http.get(f"{cast.parley.url}/api/v1/rooms/{room}/messages/?limit=200")
    return [each["body"] for each in answer.raise_for_status().json()["results"]]


def node() -> str:
    found = shutil.which("node")
    if found is None or not (EXAMPLES / "node" / "node_modules" / "ws").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("node, or `npm ci` in clients/examples/node, is missing")
        pytest.skip("node, or `npm ci` in clients/examples/node, is missing")
    return found


async def test_curl_posts(cast: Cast, start: Start) -> None:
    room, token = cast.room(), personal_token(cast, "bob", "write")
    program = await start(cast.parley.url, token, "./post.sh", room, 'a "quoted" \\ word,\na second\tline, é')
    assert await program.end() == 0
    assert await bodies(cast, room) == ['a "quoted" \\ word,\na second\tline, é']


async def test_curl_says_why_not(cast: Cast, start: Start) -> None:
    program = await start(cast.parley.url, "parley_none", "./post.sh", "1", "hi")
    assert await program.end() != 0


async def test_a_build_is_told_of(cast: Cast, start: Start) -> None:
    room, token = cast.room(), personal_token(cast, "bob", "write")
    program = await start(cast.parley.url, token, sys.executable, "ci_notify.py", room, "failure", "main", "#12")
    assert await program.end() == 0
    assert await bodies(cast, room) == ["❌ **failure** main #12"]
    program = await start(cast.parley.url, "parley_none", sys.executable, "ci_notify.py", room, "failure", "x")
    assert await program.end() == 1


async def test_a_build_is_told_of_once_the_server_is_there(own_cast: Cast, start: Start) -> None:
    room, token = own_cast.room(), personal_token(own_cast, "bob", "write")
    url = own_cast.parley.url
    own_cast.parley.terminate()
    program = await start(url, token, sys.executable, "ci_notify.py", room, "success", "main")
    await asyncio.to_thread(own_cast.parley.start)
    assert await program.end() == 0
    assert await bodies(own_cast, room) == ["✅ **success** main"]


async def test_the_bot_echoes(cast: Cast, start: Start) -> None:
    room = cast.room()
    bot = await start(cast.parley.url, personal_token(cast, "carol"), sys.executable, "bot.py")
    await bot.until("listens")
    bob = await start(cast.parley.url, personal_token(cast, "bob"), sys.executable, "python_plain.py", room)
    await bob.until("-- ready")
    bob.say("hello")
    await bob.until("carol: Bob said: hello")
    assert await bob.end() == 0
    bot.process.send_signal(signal.SIGINT)
    await bot.process.wait()
    assert await bodies(cast, room) == ["hello", "Bob said: hello"]


async def test_two_clients_that_know_only_the_documents_converse_through_cuts(
    own_cast: Cast, proxy: Proxy, start: Start
) -> None:
    room, url = own_cast.room(), f"http://127.0.0.1:{proxy.port}"
    python = await start(url, personal_token(own_cast, "alice"), sys.executable, "python_plain.py", room)
    script = await start(url, personal_token(own_cast, "bob"), node(), "node/chat.mjs", room)
    for program in python, script:
        await program.until("-- ready")
    said = []
    for turn in range(4):
        for program, name in (python, "alice"), (script, "bob"):
            program.say(f"{name} {turn}")
            said.append(f"{name} {turn}")
            if turn == 2:
                proxy.cut_in_a_frame()
            await asyncio.gather(*(each.until(f"{name}: {name} {turn}") for each in (python, script)))
        if turn == 0:
            proxy.cut_all()
    proxy.weather.closed = True
    proxy.cut_all()
    python.say("into the outbox")
    script.say("here too")
    proxy.weather.closed = False
    assert await python.end() == await script.end() == 0
    stored = await bodies(own_cast, room)
    assert stored[:-2] == said and sorted(stored[-2:]) == ["here too", "into the outbox"]
    for program in python, script:
        assert [line.partition(": ")[2] for line in program.heard] == said
        assert program.lines.count("-- ready") >= 2
        assert "-- something is missing here" not in program.lines


async def test_they_converse_through_a_restart_of_the_server(own_cast: Cast, start: Start) -> None:
    room = own_cast.room()
    python = await start(own_cast.parley.url, own_cast.tokens["alice"], sys.executable, "python_plain.py", room)
    script = await start(own_cast.parley.url, own_cast.tokens["bob"], node(), "node/chat.mjs", room)
    for program in python, script:
        await program.until("-- ready")
    await asyncio.to_thread(own_cast.parley.kill)
    python.say("while it is away")
    await asyncio.to_thread(own_cast.parley.start)
    await asyncio.gather(*(each.until("alice: while it is away") for each in (python, script)))
    await asyncio.to_thread(own_cast.parley.terminate)
    script.say("once more")
    await asyncio.to_thread(own_cast.parley.start)
    await asyncio.gather(*(each.until("bob: once more") for each in (python, script)))
    assert await bodies(own_cast, room) == ["while it is away", "once more"]
    for program in python, script:
        assert len(program.heard) == 2

"""Staying signed in."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from parley_client import Client, Conflict, Pair, SignedOut, limits
from parley_client.doors import Doors
from parley_client.locks import FileLock
from parley_client.tokens import Signed
from parley_client.web import http_client, request
from tests.support.cast import PASSWORD, Cast


class Door(Doors):
    """Gives pairs "a1"/"r1", "a2"/"r2", …; counts who comes."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def sign_in(self, username: str, password: str) -> tuple[str, str]:
        return await self.refresh(password)

    async def refresh(self, token: str) -> tuple[str, str]:
        self.asked.append(token)
        await self.open.wait()
        number = len(self.asked)
        return f"a{number}", f"r{number}"


class Kept:
    """What several clients share."""

    def __init__(self, path: Path, pair: Pair) -> None:
        self._path = path
        self.pair: Pair | None = pair

    def keeper(self) -> Kept:
        """For one more of them."""
        kept = Kept.__new__(Kept)
        kept.__dict__ = self.__dict__
        return kept

    @property
    def lock(self) -> FileLock:
        return FileLock(self._path)

    def load(self) -> Pair | None:
        return self.pair

    def save(self, pair: Pair) -> None:
        self.pair = pair


async def test_it_signs_in_once_and_forgets_the_password() -> None:
    door, tokens = Door(), Signed(username="ada", password="secret")
    assert [await tokens.access(door), await tokens.access(door)] == ["a1", "a1"]
    assert door.asked == ["secret"]
    assert "secret" not in repr(vars(tokens))


async def test_an_old_token_is_renewed_before_it_is_used() -> None:
    now = 1000.0
    door, tokens = Door(), Signed(Pair("a0", "r0", 0.0), clock=lambda: now)
    assert await tokens.access(door) == "a1"
    assert tokens.due_seconds() == limits.RENEW_SECONDS
    now += limits.RENEW_SECONDS
    assert tokens.due_seconds() == 0
    assert await tokens.access(door) == "a2"
    assert door.asked == ["r0", "r1"]


async def test_all_who_ask_together_share_one_renewal() -> None:
    door, tokens = Door(), Signed(Pair("a0", "r0", time.time()))
    assert await asyncio.gather(*(tokens.renew(door, "a0") for _ in range(5))) == ["a1"] * 5
    assert await tokens.renew(door, "a0") == "a1"
    assert door.asked == ["r0"]


async def test_whoever_stops_waiting_leaves_the_renewal_going() -> None:
    door, tokens = Door(), Signed(Pair("a0", "r0", time.time()))
    door.open.clear()
    waiting = asyncio.create_task(tokens.renew(door, "a0"))
    await asyncio.sleep(0)
    waiting.cancel()
    door.open.set()
    await tokens.finish()
    assert tokens.pair is not None and tokens.pair.refresh == "r1"


async def test_processes_that_share_a_login_change_each_token_once(tmp_path: Path) -> None:
    pair = Pair("a0", "r0", time.time())
    door, kept = Door(), Kept(tmp_path / "lock", pair)
    clients = [Signed(pair, keeper=kept.keeper()) for _ in range(3)]
    assert await asyncio.gather(*(client.renew(door, "a0") for client in clients)) == ["a1"] * 3
    assert door.asked == ["r0"]
    kept.pair = None
    with pytest.raises(SignedOut):
        await clients[0].renew(door, "a1")


async def test_of_two_at_once_one_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Conflict("conflict", retry_after=0.01), {"access": "a", "refresh": "r"}]

    async def canned(*args: object, **options: object) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("parley_client.doors.request", canned)
    async with http_client() as http:
        assert await Doors("http://x", http).refresh("r0") == ("a", "r")


async def test_a_socket_outlives_its_token(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RENEW_SECONDS", 0.5)
    seen: list[str] = []
    async with Client.sign_in(cast.parley.url, "alice", PASSWORD) as client:
        tokens, connection = client._tokens, client._connection
        assert isinstance(tokens, Signed) and tokens.pair is not None
        ask = connection._socket.ask  # type: ignore[union-attr]

        async def noticed(op: str, **fields: str) -> dict[str, object]:
            answer = await ask(op, **fields)
            if op == "auth":
                assert answer["expires_at"]
                seen.append(fields["token"])
            return answer

        monkeypatch.setattr(connection._socket, "ask", noticed)
        async with asyncio.timeout(20):
            while len(seen) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert connection.live.is_set()
        assert len(set(seen)) == 2


async def test_a_login_that_has_ended_stops_the_client(cast: Cast) -> None:
    async with Client.sign_in(cast.parley.url, "alice", PASSWORD) as client:
        tokens = client._tokens
        assert isinstance(tokens, Signed) and tokens.pair is not None
        await client.rest.doors.revoke(tokens.pair.refresh)
        with pytest.raises(SignedOut):
            async for _ in client.events():
                pass
        with pytest.raises(SignedOut):
            await client.post(cast.rooms[0], "hi")


async def test_a_wrong_password_is_refused_at_once(cast: Cast) -> None:
    with pytest.raises(SignedOut, match="no enabled user"):
        async with Client.sign_in(cast.parley.url, "alice", "no"):
            pass


async def test_no_token_is_in_an_error() -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(Exception, match="cannot be reached") as caught:
            await request(http, "GET", "http://127.0.0.1:9/x", headers={"Authorization": "Bearer secret"})
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(Pair("secret", "secret", 0))

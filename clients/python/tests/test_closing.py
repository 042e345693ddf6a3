"""What each close code, and each refused handshake, makes the client do: the protocol's table, row by row."""

from __future__ import annotations

import asyncio

import pytest
from canned import Canned, answers, closes, refuses

from parley_client import Broken, Client, NotParley, SignedOut, limits
from parley_client.doors import Doors

WAIT_SECONDS = 20


class Renewed:
    """Tokens "1", "2", "3", …"""

    def __init__(self) -> None:
        self.number = 1

    async def access(self, doors: Doors) -> str:
        return str(self.number)

    async def renew(self, doors: Doors, refused: str) -> str:
        self.number += 1
        return str(self.number)

    def due_seconds(self) -> float | None:
        return None

    async def finish(self) -> None:
        return None


async def post(canned: Canned, client: Client | None = None) -> None:
    """Posts, whatever it takes."""
    async with asyncio.timeout(WAIT_SECONDS), client or Client(canned.url, token="parley_x") as opened:
        assert (await opened.post("12", "hi")).seq == 9


@pytest.mark.parametrize("code", [1001, 1011, 1012, 1013, 4408, 4413, 4429, 4999])
async def test_it_connects_again_and_resumes(code: int) -> None:
    async with Canned(closes(code, code="x", retry_ms=[0, 10]), answers) as canned:
        await post(canned)
        resumes = [command for command in canned.commands if command["op"] == "resume"]
        assert "cursors" not in resumes[0]
        assert resumes[1]["cursors"] == {"user:3": 1}


@pytest.mark.parametrize("code", [4400, 1002, 1003, 1007, 1008, 1009])
async def test_its_own_fault_stops_it(code: int) -> None:
    async with Canned(closes(code)) as canned, Client(canned.url, token="parley_x") as client:
        with pytest.raises(Broken, match=str(code)):
            async for _ in client.events():
                pass
        with pytest.raises(Broken):
            await client.post("12", "hi")
        assert len(canned.connections) == 1


async def test_a_post_that_waits_hears_that_access_was_revoked() -> None:
    async def hears_a_post_and_closes(canned, connection) -> None:
        await canned.begin(connection)
        await canned.hear(connection)
        await connection.close(4403)

    async with Canned(hears_a_post_and_closes) as canned, Client(canned.url, token="parley_x") as client:
        with pytest.raises(SignedOut):
            await client.post("12", "hi")
        assert len(canned.connections) == 1


async def test_after_bye_it_comes_when_it_is_told() -> None:
    async with Canned(closes(1012, code="restart", retry_ms=[700, 800]), answers) as canned:
        await post(canned)
        assert canned.connections[1] - canned.connections[0] >= 0.7


async def test_an_expired_token_is_renewed_once() -> None:
    async with Canned(closes(4401), answers) as canned:
        await post(canned, Client(canned.url, token=Renewed()))
        assert canned.tokens == ["1", "2"]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_renewed_once(status: int) -> None:
    async with Canned(status, answers) as canned:
        await post(canned, Client(canned.url, token=Renewed()))
        assert canned.tokens == ["1", "2"]
    async with Canned(status) as canned:
        with pytest.raises(SignedOut):
            await post(canned, Client(canned.url, token=Renewed()))
        assert canned.tokens == ["1", "2"]


@pytest.mark.parametrize("status", [503, 429])
async def test_who_is_not_admitted_now_waits_as_long_as_it_is_told(status: int) -> None:
    async with Canned(status, answers, headers={"Retry-After": "1"}) as canned:
        await post(canned)
        assert canned.connections[1] - canned.connections[0] >= 1


async def test_a_proxy_without_its_server_is_tried_again() -> None:
    async with Canned(502, answers) as canned:
        await post(canned)


async def test_what_is_no_parley_ends_it_unless_it_was_one_before() -> None:
    async with Canned(404) as canned:
        with pytest.raises(NotParley):
            await post(canned)
    async with Canned(closes(1012, code="restart", retry_ms=[0, 0]), 404, answers) as canned:
        await post(canned)


@pytest.mark.parametrize("code", ["unavailable", "rate_limited"])
async def test_a_passing_refusal_is_waited_for(code: str) -> None:
    async with Canned(refuses(code=code, detail="", retry_after=0.5)) as canned:
        begun = asyncio.get_running_loop().time()
        await post(canned)
        assert asyncio.get_running_loop().time() - begun >= 0.5
        posts = [command for command in canned.commands if command["op"] == "post"]
        assert len(posts) == 2 and posts[0]["id"] == posts[1]["id"]


async def test_without_an_answer_it_is_sent_again_under_the_same_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.2)

    async def overhears_the_first(canned, connection) -> None:
        await canned.begin(connection)
        await canned.hear(connection)
        command = await canned.hear(connection)
        await connection.send('{"op":"ok","ref":"' + command["ref"] + '","message":"55","seq":9}')
        await connection.wait_closed()

    async with Canned(overhears_the_first) as canned:
        await post(canned)
        posts = [command for command in canned.commands if command["op"] == "post"]
        assert posts[0]["id"] == posts[1]["id"] and posts[0]["ref"] != posts[1]["ref"]


async def test_frames_that_are_not_known_are_ignored_and_no_frames_are_left() -> None:
    async def confuses(canned, connection) -> None:
        await canned.begin(connection)
        await connection.send('{"op":"news","x":1}')
        await connection.send('{"op":"signal","type":"presence","data":{"user":"8","state":"online"}}')
        await connection.send("no json")
        await connection.wait_closed()

    async with Canned(confuses, answers) as canned:
        await post(canned)
        assert len(canned.connections) <= 2

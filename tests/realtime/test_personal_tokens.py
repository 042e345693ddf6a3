"""Personal access tokens on a socket."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.cast import Cast


async def made(cast: Cast, name: str, **fields: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {cast.tokens[name]}"}) as program:
        answer = await program.post(f"{cast.parley.url}/api/v1/tokens/", json={"name": "script", **fields})
    token: dict[str, Any] = answer.raise_for_status().json()
    return token


async def test_it_opens_a_socket_and_posts(cast: Cast) -> None:
    room = cast.room()
    token = await made(cast, "bob", scopes=["read", "write"])
    script = await cast.client("bob", token["token"]).start()
    assert (await script.post(room, "by a script"))["op"] == "ok"


async def test_one_that_reads_hears_and_does_nothing(cast: Cast) -> None:
    room = cast.room()
    token = await made(cast, "bob", scopes=["read"])
    alice, script = await cast.client("alice").start(), await cast.client("bob", token["token"]).start()
    seq = (await alice.post(room, "listen"))["seq"]
    await script.until(lambda: script.cursors[f"room:{room}"] >= seq)
    for refused in (await script.post(room, "no"), await script.ask("typing", room=room)):
        assert (refused["op"], refused["code"]) == ("error", "forbidden")
    assert (await script.ask("ping"))["op"] == "pong"


async def test_one_that_does_not_read_hears_nothing(cast: Cast) -> None:
    token = await made(cast, "bob", scopes=["write"])
    script = await cast.client("bob", token["token"]).connect()
    refused = await script.ask("resume")
    assert (refused["op"], refused["code"]) == ("error", "forbidden")


async def test_its_sockets_end_when_it_is_revoked(cast: Cast) -> None:
    token = await made(cast, "bob")
    script, phone = await cast.client("bob", token["token"]).start(), await cast.client("bob").start()
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {cast.tokens['bob']}"}) as program:
        (await program.delete(f"{cast.parley.url}/api/v1/tokens/{token['id']}/")).raise_for_status()
    assert await script.closed() == 4403
    assert (await phone.ask("ping"))["op"] == "pong"

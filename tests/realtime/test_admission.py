"""Credentials, before the upgrade."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from chat.operations.throttling import PER_ADDRESS
from tests.support.cast import Cast


async def handshake(cast: Cast, *, protocols: list[str] | None = None, query: str = "", **headers: str) -> str:
    """The user name that `hello` tells."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with connect(cast.url + query, subprotocols=protocols, additional_headers=named) as socket:  # type: ignore[arg-type]
        assert socket.subprotocol in (None, "parley.v1")
        username: str = json.loads(await socket.recv())["user"]["username"]
        return username


async def denied(cast: Cast, **arguments: Any) -> tuple[int, dict[str, Any], Any]:
    with pytest.raises(InvalidStatus) as caught:
        await handshake(cast, **arguments)
    response = caught.value.response
    return response.status_code, json.loads(response.body or b"{}"), response.headers


def cookie(cast: Cast, name: str) -> str:
    return f"theme=dark; sessionid={cast.sessions[name]}"


def origin(cast: Cast) -> str:
    return cast.url.removesuffix("/ws/").replace("ws", "http", 1)


async def test_a_bearer_token_in_the_header(cast: Cast) -> None:
    header = f"Bearer {cast.tokens['bob']}"
    assert await handshake(cast, protocols=["parley.v1"], Authorization=header) == "bob"
    assert await handshake(cast, Authorization=header) == "bob", "also where no subprotocol is offered"


async def test_a_bearer_token_as_subprotocol_is_never_echoed(cast: Cast) -> None:
    assert await handshake(cast, protocols=["parley.v1", f"bearer.{cast.tokens['bob']}"]) == "bob"


async def test_the_session_of_our_own_page(cast: Cast) -> None:
    assert await handshake(cast, Cookie=cookie(cast, "bob"), Origin=origin(cast)) == "bob"


async def test_the_first_credential_that_is_present_counts(cast: Cast) -> None:
    assert (
        await handshake(
            cast,
            protocols=["parley.v1", f"bearer.{cast.tokens['bob']}"],
            Authorization=f"Bearer {cast.tokens['alice']}",
            Cookie=cookie(cast, "mallory"),
        )
        == "alice"
    )
    status, _, _ = await denied(cast, Authorization="Bearer nonsense", Cookie=cookie(cast, "bob"), Origin=origin(cast))
    assert status == 401, "a bad one is not passed over"


async def test_nobody_gets_401_with_a_challenge(cast: Cast) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {"Cookie": "theme=dark"},
    ):
        status, body, answer = await denied(cast, **headers)
        assert status == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert answer["Content-Type"] == "application/json"
        assert body["code"] == "unauthorized"
    assert (await denied(cast, protocols=["parley.v1", "bearer.nonsense"]))[0] == 401
    unknown = {"Cookie": "sessionid=abcdefghij", "Origin": origin(cast)}
    assert (await denied(cast, **unknown))[0] == 401


async def test_a_token_in_the_url_is_never_read(cast: Cast) -> None:
    assert (await denied(cast, query=f"?token={cast.tokens['bob']}&access_token={cast.tokens['bob']}"))[0] == 401


@pytest.mark.parametrize(
    "foreign",
    ["http://evil.example", "null", "https://{host}", "http://{host}.evil.example", "http://localhost:1", "{host}", ""],
)
async def test_a_cookie_from_a_foreign_page_gets_403(cast: Cast, foreign: str) -> None:
    host = origin(cast).removeprefix("http://")
    status, body, _ = await denied(cast, Cookie=cookie(cast, "bob"), Origin=foreign.format(host=host))
    assert (status, body["code"]) == (403, "forbidden")


async def test_a_token_needs_no_origin(cast: Cast) -> None:
    assert await handshake(cast, Authorization=f"Bearer {cast.tokens['bob']}", Origin="null") == "bob"


async def test_another_protocol_is_refused(cast: Cast) -> None:
    status, body, _ = await denied(cast, protocols=["parley.v9"], Authorization=f"Bearer {cast.tokens['bob']}")
    assert (status, body["code"]) == (400, "bad_request")


async def test_an_address_that_guesses_is_slowed_and_who_is_known_is_not(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    for _ in range(2 * PER_ADDRESS.limit):  # a minute of the clock may end in between
        status, body, headers = await denied(cast, Authorization="Bearer guessed")
        if status == 429:
            break
    assert (status, body["code"]) == (429, "rate_limited") and 1 <= int(headers["Retry-After"]) <= 60
    assert await handshake(cast, Authorization=f"Bearer {cast.tokens['bob']}") == "bob"

"""What attempts are made with."""

from __future__ import annotations

import asyncio
import hmac
import re
from hashlib import sha256
from typing import Any

import httpx
import jwt
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.cast import PASSWORD, Cast


def ask(cast: Cast, method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
    headers = options.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx.request(method, f"{cast.parley.url}{path}", headers=headers, timeout=30, **options)


async def by_http(cast: Cast, token: str) -> int:
    return (await asyncio.to_thread(ask, cast, "GET", "/api/v1/me/", token)).status_code


async def by_socket(cast: Cast, query: str = "", protocols: tuple[str, ...] = ("parley.v1",), **headers: str) -> int:
    """The status that answers the handshake."""
    try:
        async with connect(cast.url + query, subprotocols=[*protocols], additional_headers=headers):  # type: ignore[list-item]
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def shut(cast: Cast, token: str) -> None:
    """The token opens neither door, nor the socket by the second way of sending it."""
    assert await by_http(cast, token) == 401
    assert await by_socket(cast, Authorization=f"Bearer {token}") == 401
    if re.fullmatch(r"[\w.-]+", token):
        assert await by_socket(cast, protocols=("parley.v1", f"bearer.{token}")) == 401


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def secret(cast: Cast) -> str:
    return cast.parley.env.get("SECRET_KEY") or (cast.parley.data / "secret-key").read_text().split()[0]


def signing_key(cast: Cast) -> tuple[str, bytes]:
    """What only the server knows, so that nothing but the attempt itself is wrong with a token."""
    key = hmac.digest(secret(cast).encode(), b"parley: tokens", "sha256")
    return sha256(key).hexdigest()[:16], key


def forged(cast: Cast, name: str = "bob", **changes: Any) -> str:
    """Bob's token with other claims, signed as the server does. None leaves a claim out."""
    kid, key = signing_key(cast)
    said = claims(cast.tokens[name]) | changes
    said = {claim: value for claim, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm="HS256", headers={"kid": kid})


async def pair(cast: Cast, name: str) -> dict[str, str]:
    answer = await asyncio.to_thread(ask, cast, "POST", "/api/v1/token/", json={"username": name, "password": PASSWORD})
    found: dict[str, str] = answer.raise_for_status().json()
    return found


async def refresh(cast: Cast, token: str) -> httpx.Response:
    return await asyncio.to_thread(ask, cast, "POST", "/api/v1/token/refresh/", json={"refresh": token})

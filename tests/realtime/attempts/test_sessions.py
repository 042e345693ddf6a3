"""With the cookie of a browser session."""

from __future__ import annotations

import pytest

from tests.realtime.attempts.tools import ask, by_socket
from tests.support.cast import Cast


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "", "http://127.0.0.1.evil.example"]
)
async def test_the_session_from_a_foreign_page(cast: Cast, origin: str) -> None:
    headers = {"Cookie": f"sessionid={cast.sessions['bob']}"} | ({"Origin": origin} if origin else {})
    assert await by_socket(cast, **headers) == 403


async def test_a_session_that_writes_without_its_csrf_token(cast: Cast) -> None:
    cookie = {"Cookie": f"sessionid={cast.sessions['bob']}; csrftoken={'a' * 32}"}
    for headers in (cookie, cookie | {"X-CSRFToken": "b" * 32}):
        answer = ask(cast, "PATCH", "/api/v1/me/", json={"name": "Mallory"}, headers=headers)
        assert answer.status_code == 403


async def test_a_guessed_session(cast: Cast) -> None:
    for key in ("a" * 32, "' OR 1=1 --", "../../secret-key"):
        assert ask(cast, "GET", "/api/v1/me/", headers={"Cookie": f"sessionid={key}"}).status_code == 401
        assert await by_socket(cast, Cookie=f"sessionid={key}") in (401, 403)

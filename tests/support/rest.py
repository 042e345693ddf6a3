"""REST as a program uses it: a bearer token, JSON both ways."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from chat.models import User
from chat.operations.tokens import Pair, issue_tokens

BASE = "/api/v1/"


def tokens_of(user: User) -> Pair:
    return issue_tokens(user=user)


class Rest:
    """`rest.get("rooms/")`; without a token it is anonymous. Paths are below /api/v1/, or whole URLs."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, query_params=query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, body)

    def put(self, path: str, body: Any = None) -> Any:
        return self.ask("PUT", path, body)

    def patch(self, path: str, body: Any = None) -> Any:
        return self.ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)

    def ask(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        """`body` is encoded, unless it is bytes: those are sent as they are."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = path if path.startswith(("/", "http")) else BASE + path
        extra.setdefault("content_type", "application/json")
        return self.client.generic(method, url, data, headers=headers | extra.pop("headers", {}), **extra)


def problem(response: Any, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """Asserts that `response` is a refusal in the one shape, and returns it."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = response.json()
    assert set(found) - {"fields"} == {"code", "detail"}
    assert found["code"] == code
    assert isinstance(found["detail"], str) and found["detail"]
    if field is not None:
        assert list(found["fields"]) == [field]
        assert all(isinstance(text, str) for text in found["fields"][field])
    return found

"""One HTTP request and what its answer means. Neither tokens nor bodies are ever logged."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from parley_client import limits
from parley_client.errors import ParleyError, SignedOut, Unreachable, refusal

try:
    VERSION = version("parley-client")
except PackageNotFoundError:  # run from its folder
    VERSION = "0"
USER_AGENT = f"parley-client/{VERSION}"


def clean(url: str) -> str:
    """The address of a Parley without the slash at its end. Raises ValueError."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address like https://chat.example.org")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the address of a Parley holds no user, password, query or fragment")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def http_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=limits.HTTP_SECONDS, headers={"User-Agent": USER_AGENT}, follow_redirects=False)


async def request(http: httpx.AsyncClient, method: str, url: str, **options: Any) -> Any:
    """The answer's JSON; None when it has no body.

    Raises:
        Refused: with the server's code.
        SignedOut: 401.
        Unreachable: no answer, or one that is not a Parley's.
    """
    try:
        answer = await http.request(method, url, **options)
    except httpx.TransportError as error:
        raise Unreachable(f"{httpx.URL(url).host} cannot be reached: {error or type(error).__name__}") from None
    if answer.status_code == 204:
        return None
    try:
        data = answer.json()
    except ValueError:
        data = None
    if answer.is_success and isinstance(data, (dict, list)):
        return data
    raise _error(answer, data)


def _error(answer: httpx.Response, data: Any) -> ParleyError:
    retry_after = seconds(answer.headers.get("Retry-After"))
    known = isinstance(data, dict) and isinstance(data.get("code"), str)
    if not known:
        detail = f"{answer.url.host} answers {answer.status_code}, not as a Parley does"
        return Unreachable(detail, retry_after=retry_after)
    detail = str(data.get("detail") or data["code"])
    if answer.status_code == 401:
        return SignedOut(detail)
    fields = data.get("fields") or {}
    field = next(iter(fields), None)
    if field is not None and field not in detail:
        detail = f"{detail} ({field}: {json.dumps(fields[field], ensure_ascii=False)})"
    return refusal(data["code"], detail, field=field, retry_after=retry_after)


def seconds(text: str | None) -> float | None:
    """A Retry-After. Dates are not read: a Parley gives seconds."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None

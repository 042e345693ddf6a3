"""Who may open a socket: the credentials of PROTOCOL.md, before the upgrade."""

from math import ceil
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from chat.operations import credentials
from chat.operations.credentials import BadCredentials, Identity
from chat.operations.throttling import PER_ADDRESS, network_of
from chat.protocol.errors import RateLimited
from chat.protocol.limits import PROTOCOL
from chat.streams import database
from chat.streams.gathering import Gatherer

BEARER: Final = "bearer."

by_token: Final = Gatherer(credentials.by_tokens)


class Denied(Exception):
    """The handshake is refused with an HTTP status and a JSON body. `retry_after`: seconds, for what passes."""

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


async def admit(scope: dict[str, Any]) -> Identity:
    """The person behind a handshake, by the first credential that is present; a token in the URL is never read.

    Raises:
        Denied: 401 without or with bad credentials, 429 when too many of them came from this address, 403 for a cookie
            from a foreign page, 400 for another protocol.
    """
    offered: list[str] = scope.get("subprotocols", [])
    if offered and PROTOCOL not in offered:
        raise Denied(400, "bad_request", f"offer the subprotocol {PROTOCOL}")
    headers = headers_of(scope)
    try:
        return await _identify(scope, headers, offered)
    except BadCredentials as error:
        raise await nobody(scope, error) from None


async def nobody(scope: dict[str, Any], error: BadCredentials) -> Denied:
    """What an address gets for bad credentials, which are counted with those of REST. Good ones are not slowed."""
    address = network_of((scope.get("client") or ("",))[0])
    try:
        await database.read(PER_ADDRESS.count, address)
    except RateLimited as limited:
        return Denied(limited.status, limited.code, limited.detail, retry_after=ceil(limited.retry_after or 1))
    return Denied(401, "unauthorized", str(error))


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _identify(scope: dict[str, Any], headers: dict[str, str], offered: list[str]) -> Identity:
    if "authorization" in headers:
        return await by_token(bearer(headers["authorization"]))
    for protocol in offered:
        if protocol.startswith(BEARER):
            return await by_token(protocol.removeprefix(BEARER))
    session_key = session_of(headers)
    if not is_own_origin(scope, headers):
        raise Denied(403, "forbidden", "this page may not use the session of another site")
    return await database.read(credentials.by_session, session_key)


def bearer(authorization: str) -> str:
    """The token of an Authorization header. Raises BadCredentials."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise BadCredentials("use Authorization: Bearer")
    return token.strip()


def session_of(headers: dict[str, str]) -> str:
    """The key of the browser's session. Raises BadCredentials without one."""
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        raise BadCredentials("sign in, or send a token")
    return session_key


def is_own_origin(scope: dict[str, Any], headers: dict[str, str]) -> bool:
    """Whether the page that opens the socket is ours: scheme, host and port, not the host alone."""
    origin = headers.get("origin", "").lower()
    if origin in (trusted.lower() for trusted in settings.TRUSTED_ORIGINS):
        return True
    host = headers.get("host", "").lower()
    domain, _ = split_domain_port(host)
    allowed = settings.ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"]
    if not domain or not validate_host(domain, allowed):
        return False
    scheme = "https" if scope.get("scheme") in ("wss", "https") else "http"
    return _without_default_port(origin) == _without_default_port(f"{scheme}://{host}")


def _without_default_port(origin: str) -> str:
    try:
        parts = urlsplit(origin)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        return origin.removesuffix(f":{default}") if parts.port == default else origin
    except ValueError:
        return ""

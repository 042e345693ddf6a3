"""One HTTP request in the event loop: its body, and its answer."""

import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from chat.protocol import faults
from chat.protocol.errors import Refused, TooLarge
from chat.protocol.limits import FRAME_BYTES
from chat.realtime.admission import Denied, headers_of

T = TypeVar("T")
Headers = Sequence[tuple[bytes, bytes]]

PRIVATE: Final[Headers] = (
    (b"cache-control", b"no-store"),
    (b"vary", b"Authorization, Cookie"),
    (b"x-content-type-options", b"nosniff"),
)


class Gone(Exception):
    """The client has gone: there is nobody to answer."""


class Request:
    def __init__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Any) -> None:
        self.scope = scope
        self.headers = headers_of(scope)
        self.send = send
        self._receive = receive

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    async def body(self) -> bytes:
        """Raises Gone, Denied (415) when it does not say that it is JSON, TooLarge beyond a frame of the socket."""
        parts: list[bytes] = []
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            parts.append(message.get("body", b""))
            if sum(map(len, parts)) > FRAME_BYTES:
                raise TooLarge(f"a body has at most {FRAME_BYTES:,} bytes")
            more = message.get("more_body", False)
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self.method == "POST" and kind != "application/json":
            raise Denied(415, "unsupported_media_type", "send the body as application/json")
        return b"".join(parts)

    async def fields(self, decoder: "msgspec.json.Decoder[T]") -> T:
        """The body, a JSON object. Raises what `body` does, and BadRequest that names the field to blame."""
        return faults.decoded(decoder, await self.body())

    def forget_headers(self) -> None:
        """They have been read; of thousands who listen they would be megabytes."""
        self.headers.clear()
        self.scope["headers"].clear()

    async def gone(self) -> None:
        """Returns when the client has gone. Only after the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def begin(self, kind: bytes, more: Headers = ()) -> None:
        headers = [(b"content-type", kind), *PRIVATE, *more]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})

    async def answer(self, status: int, body: bytes, more: Headers = ()) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *PRIVATE, *more]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, error: Refused | Denied) -> None:
        """`{"code", "detail", "fields"?}`, as everywhere below /api/."""
        problem: dict[str, Any] = {"code": error.code, "detail": error.detail}
        if isinstance(error, Refused) and error.field:
            problem["fields"] = {error.field: [error.detail]}
        more = []
        if error.status == 401:
            more.append((b"www-authenticate", b"Bearer"))
        if error.retry_after is not None:
            more.append((b"retry-after", b"%d" % max(1, math.ceil(error.retry_after))))
        await self.answer(error.status, msgspec.json.encode(problem), more)

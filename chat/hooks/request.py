"""One request to a hook: what is sent, how it is signed, and what counts as heard."""

import asyncio
import hmac
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpcore

from chat.models import OutgoingHook
from chat.operations.guard import FAILURES, Guarded

TIMEOUT_SECONDS: Final = 10.0
ANSWER_BYTES: Final = 64 * 1024
"""More of an answer is not read."""


@dataclass(frozen=True)
class Outcome:
    """`status` of the answer, or the `error` that there is none."""

    status: int | None
    error: str
    milliseconds: int

    @property
    def heard(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Sender:
    """Keeps connections to hooks. Follows no redirect, keeps no cookie, knows no proxy."""

    def __init__(self, allow_inside: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=64,
            max_keepalive_connections=16,
            keepalive_expiry=30.0,
            network_backend=Guarded(allow_inside),
        )

    async def send(self, hook: OutgoingHook, seq: int, type: str, text: str) -> Outcome:
        """Sends one event, as it stands in the log. Never raises for what the other end does."""
        begun = time.perf_counter()
        status, error = None, ""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                status = await self._post(hook, seq, type, text.encode())
        except TimeoutError:
            error = f"no answer in {TIMEOUT_SECONDS:.0f} s"
        except FAILURES as failure:
            error = str(failure)[:200] or failure.__class__.__name__
        return Outcome(status, error, round(1000 * (time.perf_counter() - begun)))

    async def _post(self, hook: OutgoingHook, seq: int, type: str, body: bytes) -> int:
        moment = int(time.time())
        headers: dict[bytes | str, bytes | str] = {
            "Content-Type": "application/json",
            "User-Agent": "Parley",
            "Parley-Hook": str(hook.pk),
            "Parley-Event": type,
            "Parley-Delivery": f"{hook.pk}:{seq}",
            "Parley-Timestamp": str(moment),
            "Parley-Signature": signature(hook.secret, moment, body),
        }
        async with self._pool.stream("POST", hook.url, headers=headers, content=body) as answer:
            read = 0
            async for piece in answer.aiter_stream():
                read += len(piece)
                if read > ANSWER_BYTES:
                    break
            return int(answer.status)

    async def close(self) -> None:
        await self._pool.aclose()


def signature(secret: str, moment: int, body: bytes) -> str:
    """`v1=` and HMAC-SHA256 of `<seconds>.<body>` in hexadecimal."""
    return "v1=" + hmac.digest(secret.encode(), b"%d.%b" % (moment, body), "sha256").hex()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()

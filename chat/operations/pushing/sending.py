"""One message to one push service: encrypted for the browser (RFC 8291), signed for the service (RFC 8292)."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from chat.models import PushDevice
from chat.operations.guard import FAILURES, Guarded
from chat.operations.pushing import keys

TIMEOUT_SECONDS: Final = 10.0
ANSWER_BYTES: Final = 16 * 1024
"""More of an answer is not read."""
SIGNED_SECONDS: Final = 3_600
LONGEST_WAIT: Final = 3_600.0
_GONE: Final = (404, 410)
_NOT_OURS: Final = (401, 403)


@dataclass(frozen=True)
class Outcome:
    """`status` of the answer, or the `error` that there is none; after `retry_after` seconds it may be tried again."""

    status: int | None
    error: str = ""
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Nothing will ever arrive there: the browser has ended the subscription, or it was made for another key."""
        return self.status in _GONE or self.status in _NOT_OURS

    @property
    def passing(self) -> bool:
        """It may be taken later."""
        return self.status is None or self.status == 429 or self.status >= 500


def send(device: PushDevice, data: bytes, *, topic: str, urgency: str, seconds: int) -> Outcome:
    """Sends `data`, at most some 3,000 bytes, which the service keeps for so many `seconds`. A later one of the same
    `topic` takes its place. Never raises for what the other end does."""
    private = keys.private_key_of(device.application_key)
    if private is None:
        return Outcome(403, "it was made for a key that this Parley has no more")
    # Imported by whoever sends: it brings two HTTP clients with it, of which none is used here.
    from py_vapid import Vapid02
    from pywebpush import WebPusher

    parts = urlsplit(device.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": _contact(),
        "exp": int(time.time()) + SIGNED_SECONDS,
    }
    subscription = {"endpoint": device.endpoint, "keys": {"p256dh": device.key, "auth": device.secret}}
    headers = Vapid02(private).sign(claims) | {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Topic": topic,
        "Urgency": urgency,
    }
    return asyncio.run(_post(device.endpoint, headers, WebPusher(subscription).encode(data)["body"]))


async def _post(url: str, headers: Any, body: bytes) -> Outcome:
    try:
        async with (
            asyncio.timeout(TIMEOUT_SECONDS),
            httpcore.AsyncConnectionPool(
                ssl_context=_tls(), network_backend=Guarded(settings.PUSH_ALLOW_PRIVATE)
            ) as pool,
            pool.stream("POST", url, headers=headers, content=body) as answer,
        ):
            read = 0
            async for piece in answer.aiter_stream():
                read += len(piece)
                if read > ANSWER_BYTES:
                    break
            return Outcome(int(answer.status), retry_after=_seconds(answer.headers))
    except TimeoutError:
        return Outcome(None, f"no answer in {TIMEOUT_SECONDS:.0f} s")
    except FAILURES as failure:
        return Outcome(None, str(failure)[:200] or failure.__class__.__name__)


def _seconds(headers: list[tuple[bytes, bytes]]) -> float | None:
    """What Retry-After says in seconds; a date is as good as nothing."""
    said = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return min(float(said), LONGEST_WAIT) if said.isdigit() else None


def _contact() -> str:
    """Whom a push service asks when something is wrong with what it gets from here."""
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()

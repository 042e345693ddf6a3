"""One fetch from a stranger's server, of which nothing is believed: not its length, nor where it sends us."""

import asyncio
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpcore

from chat.operations.guard import FAILURES, Guarded
from chat.operations.previews.targets import NotFetched, Target
from chat.streams.rates import SlidingWindow

REDIRECTS: Final = 3
FETCHES: Final = 30
WINDOW_SECONDS: Final = 60.0
AGENT: Final = "Parley (link preview)"

host_limit: Final = SlidingWindow(FETCHES, WINDOW_SECONDS, "fetches from one host")
"""Of this process. What is over raises RateLimited."""

_MOVED: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Answer:
    """What came: `type` is the media type in lower case, `charset` what its header says, `data` what was read."""

    target: Target
    type: str
    charset: str
    data: bytes


@dataclass(frozen=True)
class Limit:
    """What is taken: media types (`image/` stands for all that begin so) and how many bytes of each.

    With `whole` more bytes make it useless, without they are left unread; `enough` tells that no more are needed.
    """

    types: Collection[str]
    most: int
    whole: bool
    enough: Callable[[bytes], bool] = lambda data: False

    def takes(self, type: str) -> bool:
        return any(type == each or (each.endswith("/") and type.startswith(each)) for each in self.types)


class Fetcher:
    """A way out for one preview: no cookies, no proxy, no credentials; the guard looks up and checks each name."""

    def __init__(self, allow_inside: bool) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(), max_connections=4, http2=False, network_backend=Guarded(allow_inside)
        )

    async def get(self, target: Target, *limits: Limit) -> Answer:
        """The answer as far as the first limit that takes its type allows, after `REDIRECTS` redirects at most.

        Its time is bounded by who calls. Raises NotFetched, and RateLimited when a host on the way was asked enough.
        """
        for _ in range(REDIRECTS + 1):
            host_limit.count(target.host)
            try:
                gone_on = await self._ask(target, limits)
            except FAILURES as failure:
                raise NotFetched(f"{failure.__class__.__name__}: {failure}"[:200]) from failure
            if isinstance(gone_on, Answer):
                return gone_on
            target = gone_on
        raise NotFetched("too many redirects")

    async def _ask(self, target: Target, limits: Collection[Limit]) -> Answer | Target:
        accepted = ", ".join(f"{each}*" if each.endswith("/") else each for limit in limits for each in limit.types)
        headers = [
            ("Host", _host(target)),
            ("User-Agent", AGENT),
            ("Accept", accepted),
            # A small body may unfold to a huge one: nothing packed is asked for, or taken.
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        async with self._pool.stream("GET", target.url, headers=headers) as answer:
            said = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status in _MOVED and b"location" in said:
                return target.joined(said[b"location"].encode("latin-1").decode("utf-8", "replace"))
            if answer.status != 200:
                raise NotFetched(f"status {answer.status}")
            if said.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
                raise NotFetched("packed, although it was not asked for")
            type, charset = _type(said.get(b"content-type", ""))
            limit = next((limit for limit in limits if limit.takes(type)), None)
            if limit is None:
                raise NotFetched(f"of the type {type[:80]!r}")
            return Answer(target, type, charset, await _read(answer, limit))

    async def close(self) -> None:
        await self._pool.aclose()


async def _read(answer: httpcore.Response, limit: Limit) -> bytes:
    data = bytearray()
    async for piece in answer.aiter_stream():
        data += piece
        if len(data) > limit.most and limit.whole:
            raise NotFetched(f"more than {limit.most:,} bytes")
        if len(data) >= limit.most or limit.enough(bytes(data[-len(piece) - 16 :])):
            break
        await asyncio.sleep(0)
    return bytes(data[: limit.most])


def _host(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port in (80, 443) else f"{host}:{target.port}"


def _type(header: str) -> tuple[str, str]:
    """The media type and its charset, of which either may be missing."""
    type, *parameters = header.lower().split(";")
    named = (each.partition("=")[2] for each in parameters if each.strip().startswith("charset="))
    return type.strip(), next(named, "").strip().strip("\"'")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()

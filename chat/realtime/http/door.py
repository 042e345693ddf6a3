"""What every address here has in common: who may come in, and how a refusal looks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

import structlog
from django.db import DatabaseError, InterfaceError

from chat.operations.credentials import Identity
from chat.protocol.errors import Refused, Unavailable
from chat.protocol.limits import RATE_SECONDS
from chat.protocol.scopes import Scope
from chat.realtime.admission import Denied
from chat.realtime.answering import COMMANDS_PER_10S
from chat.realtime.http.identifying import identify
from chat.realtime.http.request import Gone, Request
from chat.realtime.places import places
from chat.streams import metrics, running
from chat.streams.hub import Hub
from chat.streams.rates import SlidingWindow

logger = structlog.stdlib.get_logger(__name__)

flood: Final = SlidingWindow(COMMANDS_PER_10S, RATE_SECONDS, "commands")
"""Of each person, streams and polls included."""


class Door:
    """An ASGI application. A subclass says what it does."""

    methods: ClassVar[tuple[str, ...]] = ("POST",)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        request = Request(scope, receive, send)
        try:
            await self._open(request)
        except Gone:
            pass
        except (Refused, Denied) as error:
            await request.refuse(error)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("a request fails without the database", error=str(error))
            await request.refuse(Unavailable("the database is away", retry_after=1))

    async def _open(self, request: Request) -> None:
        if request.method not in self.methods:
            allow = ", ".join(self.methods).encode()
            await request.answer(405, b'{"code":"method_not_allowed","detail":"not so"}', [(b"allow", allow)])
            return
        await self.answer(request)

    async def answer(self, request: Request) -> None:
        """Raises Denied or Refused before the answer has begun, and nothing after that."""
        raise NotImplementedError


async def person(request: Request) -> Identity:
    """Who asks, once more counted. Raises Denied, RateLimited."""
    identity = await identify(request)
    structlog.contextvars.bind_contextvars(user=str(identity.user.pk))
    flood.count(identity.user.pk)
    return identity


@asynccontextmanager
async def conversing(request: Request) -> AsyncIterator[tuple[Identity, Hub]]:
    """Holds one of the places that sockets have, too. Raises Denied, Forbidden."""
    try:
        if running.retiring():
            raise Denied(503, "unavailable", "the server is going away", retry_after=1)
        with places.take() as place:
            identity = await person(request)
            identity.check(Scope.READ)
            place.give_to(identity.user.pk)
            yield identity, await running.hub()
    except Denied as denied:
        metrics.connects.labels(str(denied.status)).inc()
        raise

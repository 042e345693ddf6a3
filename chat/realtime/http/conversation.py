"""A session without a socket: begun with what `resume` says, ended with the request."""

import asyncio
import contextlib

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from chat.operations.credentials import Identity
from chat.protocol.closing import CloseCode
from chat.protocol.commands import Resume
from chat.realtime import lifecycle
from chat.realtime.outlets import Outlet
from chat.realtime.session import Session
from chat.streams import metrics
from chat.streams.hub import Hub

logger = structlog.stdlib.get_logger(__name__)


class Conversation:
    def __init__(self, identity: Identity, hub: Hub, outlet: Outlet) -> None:
        self.session = Session(identity, hub, outlet)
        self._beginning: asyncio.Task[None] | None = None
        structlog.contextvars.bind_contextvars(connection=self.session.id)
        lifecycle.sessions.add(self.session)
        lifecycle.over_http.add(self.session)

    def begin(self, resume: Resume) -> "asyncio.Task[None]":
        """`hello`, what was missed, `ready`. Done when that is written, or the session has ended."""
        self._beginning = asyncio.create_task(self._begin(resume))
        return self._beginning

    async def _begin(self, resume: Resume) -> None:
        try:
            await self.session.hello({"posts_per_10s": settings.POSTS_PER_10S})
            await self.session.resume(resume)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("a conversation ends without the database", error=str(error))
            self.session.end(CloseCode.INTERNAL)
        except Exception:
            metrics.uncaught.labels("socket").inc()
            logger.exception("a conversation failed")
            self.session.end(CloseCode.INTERNAL)

    async def stop(self) -> None:
        """Leaves the hub, however it ended."""
        if self._beginning is not None:
            self._beginning.cancel()  # first: else it could attach what is detached here
            with contextlib.suppress(asyncio.CancelledError):
                await self._beginning
        lifecycle.sessions.discard(self.session)
        lifecycle.over_http.discard(self.session)
        self.session.cleanup()

"""Looks for hooks that have something to send, and sends it: in each process, each hook by one of them at a time."""

import asyncio
import contextlib
from functools import partial
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from chat.hooks import noting
from chat.hooks.request import Sender
from chat.models import OutgoingHook
from chat.protocol.errors import Unavailable
from chat.streams import database, log, running, writer

logger = structlog.stdlib.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
AT_ONCE: Final = 16
"""Hooks that one process sends to at the same time."""
EVENTS_AT_ONCE: Final = 50


class Worker:
    """From `start` until `stop`. What was being sent at the end is sent again by whoever comes next."""

    def __init__(self) -> None:
        self._sender = Sender(settings.HOOKS_ALLOW_PRIVATE)
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [*self._sending.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._sender.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._look()
            except (Unavailable, DatabaseError, InterfaceError):
                pass  # which is said elsewhere; looked for again
            except Exception:
                logger.exception("looking for webhooks failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        free = AT_ONCE - len(self._sending)
        if free <= 0 or running.retiring() or not await database.read(noting.is_due):
            return
        for hook in await writer.perform_async(noting.take, free):
            task = self._sending[hook.pk] = asyncio.create_task(self._serve(hook))
            task.add_done_callback(partial(self._done, hook.pk))

    def _done(self, hook_id: int, _: asyncio.Task[None]) -> None:
        del self._sending[hook_id]

    async def _serve(self, hook: OutgoingHook) -> None:
        """Sends to one hook what there is, until one is not heard."""
        try:
            while await self._some(hook):
                pass
        except (Unavailable, DatabaseError, InterfaceError):
            pass  # sent again by whoever has it next
        except Exception:
            logger.exception("a webhook could not be served", hook=hook.pk)
        finally:
            with contextlib.suppress(Unavailable):
                writer.later(noting.give_back, hook)

    async def _some(self, hook: OutgoingHook) -> bool:
        """A portion of events. False when there is no more to do now."""
        rows = await database.read(log.events_after, hook.room_id, hook.cursor, None, EVENTS_AT_ONCE)
        wanted = hook.events.split()
        passed = hook.cursor
        for seq, type_, text in rows:
            if wanted and type_ not in wanted:
                passed = seq
                continue
            if running.retiring() or (passed > hook.cursor and not await self._skip(hook, passed)):
                return False
            outcome = await self._sender.send(hook, seq, type_, text)
            if not await writer.perform_async(noting.note, hook, seq, type_, outcome):
                return False
            passed = seq
        if passed > hook.cursor and not await self._skip(hook, passed):
            return False
        return len(rows) == EVENTS_AT_ONCE

    async def _skip(self, hook: OutgoingHook, seq: int) -> bool:
        return bool(await writer.perform_async(noting.skip, hook, seq))


_worker: Worker | None = None


def start() -> None:
    """Called in the event loop of a server, once the hub runs."""
    global _worker
    _worker = Worker()
    _worker.start()


async def stop() -> None:
    global _worker
    if _worker is not None:
        await _worker.stop()
        _worker = None

"""Runs background tasks, a few at the same time, each in a thread: the event loop only looks for them.

All that is written of the queue goes through the writer, between two of its batches: on SQLite a second connection that
writes would hold it up.
"""

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from chat.models import BackgroundTask
from chat.protocol.errors import Unavailable
from chat.streams import database, running, writer
from chat.tasks import queue

logger = structlog.stdlib.get_logger(__name__)

LOOK_SECONDS: Final = 0.5
RENEW_SECONDS: Final = 15.0
TIDY_SECONDS: Final = 30.0
AT_ONCE: Final = 4
"""A slow page or mail server holds up no image. A process works on so many; none waits for another."""
STOP_SECONDS: Final = 1.0
"""How long a task may take to its end when the process ends. Begun anew by whoever comes next, if it takes longer."""


class Worker:
    """From `start` until `stop`."""

    def __init__(self) -> None:
        self._name = f"{socket.gethostname()}:{os.getpid()}"[:64]
        self._tidied = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._busy: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            await cancelled(self._task)
        if self._busy:
            await asyncio.wait(self._busy, timeout=STOP_SECONDS)
            await cancelled(*self._busy)

    async def _run(self) -> None:
        while True:
            with told():
                while len(self._busy) < AT_ONCE and not running.retiring() and await self._next():
                    pass
            if self._busy:
                await asyncio.wait(self._busy, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def _next(self) -> bool:
        """Begins one task. False when there is none."""
        if time.monotonic() - self._tidied > TIDY_SECONDS:
            self._tidied = time.monotonic()
            await writer.perform_async(queue.tidy)
        if not await database.read(queue.is_due):
            return False
        task = await writer.perform_async(queue.take, self._name)
        if task is not None:
            doing = asyncio.create_task(self._do(task))
            self._busy.add(doing)
            doing.add_done_callback(self._busy.discard)
        return task is not None

    async def _do(self, task: BackgroundTask) -> None:
        with told():
            in_hand = in_thread(task)
            while not (await asyncio.wait([in_hand], timeout=RENEW_SECONDS))[0]:
                with contextlib.suppress(Unavailable):
                    await writer.perform_async(queue.renew, task)
            error = in_hand.result()
            if error is None:
                await writer.perform_async(queue.done, task)
            else:
                await writer.perform_async(queue.failed, task, error)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """A store that is away is told of elsewhere; whatever was to be done is looked for again."""
    try:
        yield
    except (Unavailable, DatabaseError, InterfaceError):
        pass
    except Exception:
        logger.exception("background work failed")


async def cancelled(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def in_thread(task: BackgroundTask) -> "asyncio.Future[BaseException | None]":
    """Runs it in a daemon thread, which no end of the process waits for. Gives what it raised."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[BaseException | None] = loop.create_future()

    def run() -> None:
        error: BaseException | None = None
        try:
            task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        except BaseException as raised:
            error = raised
        finally:
            database.release_connection()
        with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(tell, error)

    def tell(error: BaseException | None) -> None:
        if not future.done():
            future.set_result(error)

    threading.Thread(target=run, name="task", daemon=True).start()
    return future


_worker: Worker | None = None


def start() -> None:
    """Called in the event loop of a server, once the hub runs."""
    global _worker
    if settings.TASKS_IN_SERVER:
        _worker = Worker()
        _worker.start()


async def stop() -> None:
    global _worker
    if _worker is not None:
        await _worker.stop()
        _worker = None

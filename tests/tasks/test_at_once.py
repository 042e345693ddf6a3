"""What one process does at the same time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest

from chat.models import BackgroundTask
from chat.streams import database
from chat.streams.writer import Writer
from chat.tasks.worker import AT_ONCE, Worker
from tests.tasks import work


@pytest.fixture
def released() -> Iterator[Callable[[], None]]:
    work.released.clear()
    yield work.released.set
    work.released.set()


async def status(pk: object, wanted: str) -> None:
    """Waits until the task is at this."""
    deadline = time.monotonic() + 30
    while (found := await database.read(BackgroundTask.objects.get, pk=pk)).status != wanted:
        assert time.monotonic() < deadline, found.status
        await asyncio.sleep(0.02)


async def test_a_slow_task_holds_up_no_other(start_writer: Callable[[], Writer], released: Callable[[], None]) -> None:
    start_writer()
    slow = [(await database.read(work.waits.enqueue)).id for _ in range(AT_ONCE - 1)]
    quick = (await database.read(work.is_quick.enqueue)).id
    worker = Worker()
    worker.start()
    for pk in slow:
        await status(pk, "RUNNING")
    await status(quick, "SUCCESSFUL")
    released()
    for pk in slow:
        await status(pk, "SUCCESSFUL")
    await worker.stop()


async def test_no_more_are_taken_than_are_done_at_once_and_an_end_waits_for_them(
    start_writer: Callable[[], Writer], released: Callable[[], None]
) -> None:
    start_writer()
    slow = [(await database.read(work.waits.enqueue)).id for _ in range(AT_ONCE)]
    left = (await database.read(work.is_quick.enqueue)).id
    worker = Worker()
    worker.start()
    for pk in slow:
        await status(pk, "RUNNING")
    ending = asyncio.create_task(worker.stop())
    released()
    await ending
    for pk in slow:
        await status(pk, "SUCCESSFUL")
    await status(left, "READY")

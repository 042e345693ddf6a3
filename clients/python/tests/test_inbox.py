"""Between the socket and the application."""

from __future__ import annotations

import asyncio

import pytest

from parley_client import Closed, limits
from parley_client.inbox import Inbox
from parley_client.positions import Step


async def test_who_writes_too_much_waits_until_half_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "INBOX_ITEMS", 4)
    inbox = Inbox()
    for _ in range(4):
        await inbox.put(Step())
    writer = asyncio.create_task(inbox.put(Step()))
    await inbox.stalled.wait()
    await inbox.get()
    await asyncio.sleep(0)
    assert inbox.stalled.is_set()
    await inbox.get()
    await writer
    assert not inbox.stalled.is_set()


async def test_what_waits_is_read_before_the_failure() -> None:
    inbox = Inbox()
    step = Step()
    await inbox.put(step)
    inbox.fail(Closed("closed"))
    assert await inbox.get() is step
    with pytest.raises(Closed):
        await inbox.get()


async def test_one_reader_at_a_time() -> None:
    inbox = Inbox()
    reader = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="somebody else"):
        await inbox.get()
    reader.cancel()


async def test_a_reader_that_gives_up_loses_nothing() -> None:
    inbox = Inbox()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(inbox.get(), 0)
    step = Step()
    await inbox.put(step)
    assert await inbox.get() is step

"""The checker finds bugs that somebody might make: nodes run with one planted, and each is seen. Without a bug the same
trouble does no harm: that is what `make torture-short` shows, of these and of all the others."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.services import DISK, Missing
from tests.torture.checker import Findings, Kind
from tests.torture.faults import links, stores
from tests.torture.installation import Installation
from tests.torture.run import Failed, Run

Trouble = Callable[[Run], Awaitable[None]]

REST_SECONDS = 6.0
"""A node with a bug may never come to rest; one without takes a second or two."""
TROUBLE: dict[str, tuple[Trouble, set[Kind]]] = {
    "publish_before_commit": (links.everybody_at_once, {"phantom"}),
    "database_sequence": (links.everybody_at_once, {"lost", "out of order"}),
    "no_id_check": (links.cut_before_the_ok, {"duplicated"}),
    "attach_after_head": (links.cut_in_frames, {"lost"}),
    "no_head_poll": (stores.last_words, {"lost"}),
}
"""Bug → what brings it out, and as what the checker then sees it."""

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="they have stores of their own, and run once: beside those on PostgreSQL"
)


@contextmanager
def installation(plant: str) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="parley-planted-", dir=DISK) as folder:
        Path(folder).chmod(0o711)
        try:
            made = Installation(Path(folder), nodes=2, plant=plant)
        except Missing as reason:
            pytest.skip(str(reason))
        try:
            yield made
        finally:
            made.stop()


async def seen(plant: str) -> Findings:
    """What the checker finds after some trouble, with what has not come at all by the end counted as well."""
    with installation(plant) as made:
        cast = made.people(4, 2)
        run = Run(made, cast, members=6, per_second=15.0)
        try:
            await run.start()
            for _ in range(2):
                await TROUBLE[plant][0](run)
                await asyncio.sleep(0.5)
            with suppress(Failed, TimeoutError):
                await asyncio.wait_for(run.rest(), REST_SECONDS)
            return run.check()
        finally:
            await run.stop()


@pytest.mark.parametrize("plant", list(TROUBLE))
async def test_a_planted_bug_is_found(plant: str) -> None:
    findings = await seen(plant)
    assert any(findings[kind] for kind in TROUBLE[plant][1]), str(findings)

"""One server for the tests of a worker; each test has a room of its own on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.support.cast import Cast, assemble
from tests.support.server import Parley


@pytest.fixture(scope="session")
def shared_parley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    data: Path = tmp_path_factory.mktemp("realtime")
    parley = Parley(data / "parley").start()
    yield parley
    parley.kill()
    assert "Traceback" not in parley.log(), parley.log()


@pytest.fixture(scope="session")
def shared_cast(shared_parley: Parley) -> Cast:
    return assemble(shared_parley, "carol", "dave", rooms=120)


@pytest.fixture
async def cast(shared_cast: Cast) -> AsyncIterator[Cast]:
    yield shared_cast
    await shared_cast.leave()


@pytest.fixture
async def fresh(start_parley: Callable[..., Parley]) -> AsyncIterator[Callable[..., Cast]]:
    """`fresh("carol", rooms=2, POSTS_PER_10S="5")` gives a cast on a server of their own."""
    casts: list[Cast] = []

    def make(*people: str, rooms: int = 1, **env: str) -> Cast:
        casts.append(assemble(start_parley(**env), *people, rooms=rooms))
        return casts[-1]

    yield make
    for cast in casts:
        await cast.leave()

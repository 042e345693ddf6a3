"""One server for the tests of a worker; each test has a room of its own on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.cast import Cast, assemble
from tests.support.server import Parley


@pytest.fixture(scope="session")
def shared_parley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    data: Path = tmp_path_factory.mktemp("realtime")
    # Its tests try more bad credentials in a minute than one address may.
    parley = Parley(data / "parley", {"API_THROTTLE": "off"}).start()
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

"""Real servers, and clients of the package on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from parley_client import Client, Store
from tests.support import interrupts
from tests.support.cast import Cast, assemble
from tests.support.server import Parley
from tests.torture.proxy import Proxy

interrupts.hear()


@pytest.fixture(scope="session")
def shared_parley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    parley = Parley(tmp_path_factory.mktemp("clients") / "parley", {"POSTS_PER_10S": "1000"}).start()
    yield parley
    parley.kill()
    assert "Traceback" not in parley.log(), parley.log()


@pytest.fixture(scope="session")
def shared_cast(shared_parley: Parley) -> Cast:
    return assemble(shared_parley, "carol", rooms=40)


@pytest.fixture
async def cast(shared_cast: Cast) -> AsyncIterator[Cast]:
    """On a server that all tests share, each in a room of its own."""
    yield shared_cast
    await shared_cast.leave()


@pytest.fixture
async def own_cast(tmp_path: Path) -> AsyncIterator[Cast]:
    """On a server that the test may kill."""
    parley = Parley(tmp_path / "parley", {"POSTS_PER_10S": "1000"}).start()
    made = assemble(parley, rooms=3)
    yield made
    await made.leave()
    parley.kill()


@pytest.fixture
async def proxy(own_cast: Cast) -> AsyncIterator[Proxy]:
    """Network trouble before the server of `own_cast`."""
    made = await Proxy(own_cast.parley.port).start()
    yield made
    await made.stop()


@pytest.fixture
async def open_client() -> AsyncIterator[Callable[..., object]]:
    """`await open_client(url, token)` gives an entered client, which is left at the end of the test."""
    async with AsyncExitStack() as stack:

        async def opened(url: str, token: str, store: Store | None = None) -> Client:
            return await stack.enter_async_context(Client(url, token=token, store=store, patience=30))

        yield opened

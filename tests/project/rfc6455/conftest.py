"""One server for all sections; a connection of its own for each case."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.support.cast import Cast, assemble
from tests.support.server import Parley
from tests.support.wire import KEY, TEXT, Wire

Headers = dict[str, str | list[str] | None]


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    parley = Parley(tmp_path_factory.mktemp("rfc6455") / "parley", {"POSTS_PER_10S": "100000"}).start()
    yield assemble(parley)
    parley.kill()
    assert "Traceback" not in parley.log(), parley.log()


@pytest.fixture
def connect(cast: Cast) -> Iterator[Callable[[], Wire]]:
    """Makes TCP connections."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(Wire(cast.parley.port))


@pytest.fixture
def handshake(cast: Cast) -> Callable[..., bytes]:
    """`handshake(line="GET /ws/ HTTP/1.1", Upgrade="h2c")`: the opening handshake of Bob's client, with changes.

    A header that is None is left out, one that is a list comes in as many lines.
    """

    def request(line: str = "GET /ws/ HTTP/1.1", **changes: str | list[str] | None) -> bytes:
        headers: Headers = {
            "Host": "localhost",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": KEY,
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": "parley.v1",
            "Authorization": f"Bearer {cast.tokens['bob']}",
        }
        headers |= {name.replace("_", "-"): value for name, value in changes.items()}
        lines = [line]
        for name, value in headers.items():
            lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value]) if one is not None]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    return request


@pytest.fixture
def open_wire(connect: Callable[[], Wire], handshake: Callable[..., bytes]) -> Callable[[], Wire]:
    """Makes connections that have shaken hands and heard `hello`."""

    def opened() -> Wire:
        wire = connect()
        wire.send(handshake())
        assert wire.answer().status == 101
        hello = wire.frame()
        assert hello and hello.opcode == TEXT and b'"hello"' in hello.payload
        return wire

    return opened


@pytest.fixture
def wire(open_wire: Callable[[], Wire]) -> Wire:
    return open_wire()

"""nginx before nodes of a test, with the configuration that operators get."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.cluster import nginx as configuration
from tests.support import services
from tests.support.services import free_port, running


def program() -> str:
    try:
        return services.program("nginx")
    except services.Missing as reason:
        pytest.skip(str(reason))


@contextlib.contextmanager
def nginx(folder: Path, nodes: Sequence[int], port: int | None = None, **more: str) -> Iterator[str]:
    """The URL at which nginx serves what these ports do."""
    port = port or free_port()
    prefix = configuration.write(folder, port=port, nodes=nodes, **more)
    command = [program(), "-p", str(prefix), "-c", "nginx.conf", "-e", "stderr"]
    with running(command, folder / "log", lambda: answers(port)):
        yield f"http://127.0.0.1:{port}"


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def check(folder: Path) -> None:
    """Raises when nginx does not take `nginx.conf` in `folder`."""
    command = [program(), "-t", "-q", "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    tested = subprocess.run(command, capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr

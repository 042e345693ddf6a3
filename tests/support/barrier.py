"""An nginx that lets no socket through, as proxies of other people do; and perhaps holds back what it streams."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx

from deploy.cluster import nginx as configuration
from tests.support.nginx import answers, program
from tests.support.services import free_port, running

SOCKET = "location = /ws/ {"
NO_SOCKET = "location = /ws/ {\n    return 400;"
STREAM = "location = /api/v1/stream/ {\n    proxy_buffering off;"
COMPRESSING = """on;
    proxy_ignore_headers X-Accel-Buffering;
    gzip on;
    gzip_proxied any;
    gzip_min_length 0;
    gzip_types text/event-stream;"""
"""What a compressor has not filled a block with stays in it."""


class Barrier:
    """In front of the nodes at these ports. It can be down, and it can be opened."""

    def __init__(self, folder: Path, nodes: list[int], port: int, *, hold_back: bool = False) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._folder = configuration.write(folder, port=port, nodes=nodes)
        self._stack = contextlib.ExitStack()
        self._pid: int | None = None
        self._replace(SOCKET, NO_SOCKET)
        if hold_back:
            self._replace(STREAM, STREAM.replace("off;", COMPRESSING))

    def start(self) -> None:
        command = [program(), "-p", str(self._folder), "-c", "nginx.conf", "-e", "stderr"]
        self._pid = self._stack.enter_context(running(command, self._folder / "log", lambda: answers(self._port)))

    def stop(self) -> None:
        """Whatever goes through it breaks."""
        self._stack.close()

    def open(self) -> None:
        """Lets sockets through from now on; what goes through it goes on."""
        self._replace(NO_SOCKET, SOCKET)
        assert self._pid is not None
        os.kill(self._pid, signal.SIGHUP)
        while httpx.get(f"{self.url}/ws/").status_code == 400:
            pass

    def _replace(self, old: str, new: str) -> None:
        file = self._folder / "parley" / "server.conf"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@contextlib.contextmanager
def barrier(folder: Path, nodes: list[int], port: int | None = None, *, hold_back: bool = False) -> Iterator[Barrier]:
    made = Barrier(folder, nodes, port or free_port(), hold_back=hold_back)
    made.start()
    try:
        yield made
    finally:
        made.stop()

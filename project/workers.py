"""Several server processes behind one listening socket (WORKERS above 1)."""

from __future__ import annotations

import os
import socket
import tempfile

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import multiprocess

from project.metrics import METRICS_FOLDER
from project.server import Server

READY_SECONDS = 60.0


class Worker(multiprocess.Process):
    """One process with our server. It ends when its parent is gone, however the parent went."""

    @property
    def server(self) -> uvicorn.Server:
        if self._server is None:
            self._server = Server(config=self.config)
        return self._server

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        # The child's own copy of the parent's end would keep the pipe open when the parent is gone.
        self.parent_conn.close()
        super().target(sockets)

    def always_pong(self) -> None:
        try:
            super().always_pong()
        except (EOFError, OSError):
            self.server.should_exit = True


class Workers(multiprocess.Multiprocess):
    def __init__(self, config: uvicorn.Config, listener: socket.socket, ready_line: str) -> None:
        # The supervisor names its process class in four places and takes no other.
        multiprocess.Process = Worker  # type: ignore[misc]
        super().__init__(config, [listener])
        self.ready_line = ready_line

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(READY_SECONDS) for process in self.processes):
            print(self.ready_line, flush=True)

    def serve(self) -> int:
        """Runs until a signal; returns the exit code."""
        with tempfile.TemporaryDirectory(prefix="parley-metrics-") as folder:
            os.environ[METRICS_FOLDER] = folder  # where each worker keeps its counts, so that any can tell of all
            self.run()
        failed = any(process.exitcode == STARTUP_FAILURE for process in self.processes)
        return STARTUP_FAILURE if failed else 0

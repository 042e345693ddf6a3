"""A real Parley: `manage.py serve` in a process of its own, to talk to, to kill and to start again."""

from __future__ import annotations

import copy
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

from tests.support import stores

START_SECONDS = 60.0
STOP_SECONDS = 15.0
READY = re.compile(r"^Parley is ready at (http://\S+:(\d+))$", re.MULTILINE)


class Parley:
    """One installation: its data and, between `start` and the end, its server process.

    `env` changes the environment of the server, e.g. `{"POSTS_PER_10S": "5"}`. `furnished` is the environment of an
    installation that is there already.
    """

    def __init__(self, data: Path, env: dict[str, str] | None = None, furnished: dict[str, str] | None = None) -> None:
        self.data = data
        self.env = (furnished or stores.furnish(data)) | {"HOST": "127.0.0.1", "PORT": "0"} | (env or {})
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.name = "server"
        self.command = [sys.executable, "manage.py", "serve"]
        self._starts = 0

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/ws/"

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def start(self) -> Parley:
        """Returns when the server answers; raises with its log when it does not start."""
        assert self.process is None, "it runs already"
        self._starts += 1
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                self.command,
                cwd=stores.ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not (ready := READY.search(self.output())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"Parley did not start:\n{self.output()}{self.log()}")
            time.sleep(0.02)
        self.url = ready[1]
        self.env["PORT"] = ready[2]
        return self

    def kill(self) -> None:
        """SIGKILL, to its workers too: as a power cut."""
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def terminate(self) -> int:
        """SIGTERM; waits for the end and returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(timeout=STOP_SECONDS)
        finally:
            self.kill()

    def restart(self) -> Parley:
        """Kills it if it runs; the new process has the same port and data."""
        self.kill()
        return self.start()

    def another(self) -> Parley:
        """A further node of the same installation, started: same database and channel layer, a port of its own."""
        node = copy.copy(self)
        node.env = self.env | {"PORT": "0"}
        node.process = None
        node.name = f"{self.name}-{uuid.uuid4().hex[:6]}"
        return node.start()

    def manage(self, *command: str) -> str:
        """Runs a management command on the same data; returns what it printed."""
        return stores.manage(*command, env=self.env)

    def output(self) -> str:
        """Standard output since the last start: the ready line, and mails."""
        return self._out.read_text(errors="replace")

    def log(self) -> str:
        """Standard error since the last start."""
        return self._err.read_text(errors="replace")

    @property
    def _out(self) -> Path:
        return self.data / f"{self.name}-{self._starts}.out"

    @property
    def _err(self) -> Path:
        return self.data / f"{self.name}-{self._starts}.err"


def start_parley(data: Path, env: dict[str, str] | None = None) -> Parley:
    return Parley(data, env).start()

"""An installation to break: PostgreSQL, Redis, nodes, each a process that can be killed, stopped, and started again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.support import services, stores
from tests.support.cast import Cast, assemble
from tests.support.server import Parley
from tests.torture.checker import Fact, Stored

START_SECONDS = 60.0
FAKED = ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_CACHE_DURATION", "FAKETIME_DONT_FAKE_MONOTONIC")
FAKETIME = Path(f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketime.so.1")

SIGN_IN = (
    "from chat.models import User; from chat.operations.tokens import issue_tokens; "
    "pair = issue_tokens(user=User.objects.get(username={name!r})); print(pair.access, pair.refresh)"
)


class Service:
    """A server process on a fixed port: the same again after each start."""

    def __init__(self, command: list[str], log: Path, answers: Callable[[], bool], **popen: Any) -> None:
        self._command = command
        self._log = log
        self._answers = answers
        self._popen = popen
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._log.parent, **self._popen
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"{self._command[0]} did not start:\n{self._log.read_text(errors='replace')[-4000:]}"
                )
            time.sleep(0.02)

    def send(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGCONT)
                self.process.send_signal(number)
            self.process.wait()
            self.process = None


class Node(Parley):
    """A node that runs with the hooks of `tests.torture.node`. `env` names its stores."""

    def __init__(self, data: Path, env: dict[str, str]) -> None:
        self.hooks = data / "hooks"
        self.hooks.mkdir(parents=True)
        furnished = stores.environment(PARLEY_DATA=str(data), PARLEY_TORTURE=str(self.hooks), **env)
        super().__init__(data, furnished=furnished)
        self.command = [sys.executable, "-m", "tests.torture.node"]
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")

    def another(self) -> Node:
        node = super().another()
        assert isinstance(node, Node)
        return node

    def restart_with_clock(self, offset: str | None) -> None:
        """Ends it, and starts it with a clock that `set_clock` sets; None: with that of the machine. It costs speed."""
        self.terminate()
        for name in FAKED:
            self.env.pop(name, None)
        if offset is not None:
            self.set_clock(offset)
            self.env |= dict(zip(FAKED, (str(FAKETIME), str(self._clock), "1", "1"), strict=True))
        self.start()

    @property
    def _clock(self) -> Path:
        return self.data / f"{self.name}.clock"

    def set_clock(self, offset: str) -> None:
        """So many seconds beside the clock of the machine, within a second: `+3600`, `-90`."""
        draft = self._clock.with_suffix(".draft")
        draft.write_text(f"{offset}\n")
        draft.replace(self._clock)

    def sign_in(self, name: str, offset: str | None = None) -> tuple[str, str]:
        """An access and a refresh token, issued by the clock of this node, or so many seconds beside the machine's."""
        faked = {} if offset is None else {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset}
        printed = stores.manage("shell", "-v0", "-c", SIGN_IN.format(name=name), env=self.env | faked)
        access, refresh = printed.split()[-2:]
        return access, refresh

    def arm(self, hook: str) -> None:
        """The next transaction of any node with this folder meets the hook, once."""
        (self.hooks / hook).touch()

    def memory(self) -> int:
        """Resident, in bytes."""
        assert self.process is not None
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0


class Installation:
    """Nodes on PostgreSQL and Redis of their own, or one node on SQLite without them."""

    def __init__(self, folder: Path, *, nodes: int, sqlite: bool = False, plant: str | None = None) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.postgresql: Service | None = None
        self.redis: Service | None = None
        env = {"POSTS_PER_10S": "1000000", "API_THROTTLE": "off", "LOG_FORMAT": "json"}
        if plant is not None:
            env["PARLEY_PLANTED"] = plant
        self.database_url = self.redis_url = ""
        if not sqlite:
            self._start_stores()
        first = Node(folder / "parley", env | {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url})
        first.start()
        self.nodes: list[Node] = [first]
        for _ in range(nodes - 1):
            self.nodes.append(first.another())

    def _start_stores(self) -> None:
        account = services.service_account()
        home = self.folder / "postgresql"
        home.mkdir()
        if account:
            os.chown(home, account["user"], account["group"])
        port = services.free_port()
        services.initdb(home / "data", account)
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 200}
        command = [services.program("postgres"), "-D", str(home / "data")]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self.database_url = f"postgresql://parley@127.0.0.1:{port}/postgres"
        url = self.database_url
        self.postgresql = Service(command, home / "log", lambda: services.accepts(url), **account)
        self.postgresql.start()
        redis_port = services.free_port()
        self.redis_url = f"redis://127.0.0.1:{redis_port}/0"
        options = ["--port", redis_port, "--bind", "127.0.0.1", "--save", "", "--databases", services.REDIS_DATABASES]
        self.redis = Service(
            [services.program("redis-server"), *map(str, options)],
            self.folder / "redis.log",
            lambda: services.answers_ping(redis_port),
        )
        self.redis.start()

    def people(self, number: int, rooms: int) -> Cast:
        """Alice, Bob and others in every room; Mallory in none."""
        return assemble(self.nodes[0], *(f"member{count}" for count in range(number)), rooms=rooms)

    @property
    def sqlite_file(self) -> Path:
        return self.folder / "parley" / "parley.sqlite3"

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()
        for service in self.redis, self.postgresql:
            if service is not None:
                service.kill()

    def logs(self) -> str:
        """What every node has logged since it was first started."""
        return "".join(path.read_text(errors="replace") for path in (self.folder / "parley").glob("*.err"))

    # The truth ------------------------------------------------------------------------------------

    def stored(self) -> Stored:
        """The logs of all rooms."""
        logs: Stored = {}
        query = (
            "SELECT s.id, e.payload FROM chat_event e JOIN chat_stream s ON s.id = e.stream_id "
            "WHERE s.kind = 'room' ORDER BY s.id, e.seq"
        )
        for stream_id, payload in self.ask(query):
            logs.setdefault(f"room:{stream_id}", []).append(Fact.of(json.loads(payload)))
        return logs

    def ask(self, query: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        if self.postgresql is None:
            import sqlite3

            with contextlib.closing(sqlite3.connect(self.sqlite_file, timeout=30)) as connection:
                return connection.execute(query, parameters).fetchall()
        with self.connection() as connection:
            return connection.execute(query, parameters or None).fetchall()

    @contextlib.contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            yield connection

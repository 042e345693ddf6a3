"""Private PostgreSQL and Redis servers for one test run: own data, own free port, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from deploy.cluster.programs import find

START_SECONDS = 30.0
REDIS_DATABASES = 4096
DISK = "/var/tmp"  # on a disk, where the folder for short-lived files may be memory


class Missing(Exception):
    """A program that the machine does not have; the message says which."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """The path of a program of the machine. Raises Missing."""
    found = find(name)
    if not found:
        raise Missing(f"{name} is not installed")
    return found


def service_account() -> dict[str, Any]:
    """Arguments for Popen: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL needs a user other than root")


@contextlib.contextmanager
def folder(account: dict[str, Any], parent: str | None = None) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="parley-service-", dir=parent))
    if account:
        os.chown(path, account["user"], account["group"])
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def running(command: list[str], log: Path, answers: Callable[[], bool], **popen: Any) -> Iterator[int]:
    """Runs a server as long as the block, which is entered when `answers()` and gets its process id."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=log.parent, **popen
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """The URL of an empty database whose role may create others.

    What it commits is on disk when it says so only if `durable`: for a test nothing outlives the run.
    """
    postgres = program("postgres")
    account = service_account()
    with folder(account, DISK if durable else None) as path:
        data, port = path / "data", free_port()
        initdb(data, account)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 300,
        }
        if not durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        url = f"postgresql://parley@127.0.0.1:{port}/postgres"
        with running([postgres, "-D", str(data), *options], path / "log", lambda: accepts(url), **account):
            yield url


def initdb(data: Path, account: dict[str, Any]) -> None:
    """Makes a database cluster of the role `parley`, owned by `account`, in a folder that is its."""
    options = ["-U", "parley", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [program("initdb"), "-D", str(data), *options]
    subprocess.run(command, check=True, capture_output=True, cwd=data.parent, **account)


def accepts(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The URL of an empty Redis."""
    server = program("redis-server")
    with folder({}) as path:
        port = free_port()
        options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--databases", REDIS_DATABASES]
        with running([server, *map(str, options)], path / "log", lambda: answers_ping(port)):
            yield f"redis://127.0.0.1:{port}/0"


def answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False

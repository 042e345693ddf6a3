"""What Parley is compared with: small programs that send each text message to every socket, the sender's included."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.servers import programs
from benchmarks.servers.parley import ROOT
from benchmarks.servers.running import HOST, Running
from benchmarks.servers.stores import private_redis
from project.server import allow_many_sockets
from tests.support import services


@dataclass(frozen=True, slots=True)
class _Peer:
    """`command` takes a private folder and the port to listen on, and may raise Missing."""

    command: Callable[[Path, int], list[str]]
    dialect: str = "plain"
    path: str = "/ws/"
    redis: bool = False
    env: Mapping[str, str] = field(default_factory=dict)


def _limit(folder: Path, port: int) -> list[str]:
    return [programs.compiled_limit(folder), str(port)]


def _nchan(folder: Path, port: int) -> list[str]:
    nginx, module = programs.nginx_with_nchan()
    configuration = folder / "nginx.conf"
    template = (programs.PEERS / "nchan.conf.in").read_text()
    configuration.write_text(template.format(module=module, folder=folder, port=port))
    return [nginx, "-p", str(folder), "-e", "stderr", "-c", str(configuration)]


def _ws(folder: Path, port: int) -> list[str]:
    return [*programs.node("ws", "ws.js"), str(port)]


def _socketio(folder: Path, port: int) -> list[str]:
    return [*programs.node("socket.io", "socketio.js"), str(port)]


def _fastapi(folder: Path, port: int) -> list[str]:
    programs.need_python("fastapi")
    options = ["--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--ws-per-message-deflate", "0"]
    listen = ["--host", HOST, "--port", str(port), "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", "benchmarks.peers.fastapi_app:app", *options, *listen]


def _tutorial(folder: Path, port: int) -> list[str]:
    options = ["-b", HOST, "-p", str(port), "-v", "0", "--websocket_timeout", "-1"]
    return [sys.executable, "-m", "daphne", *options, "benchmarks.peers.tutorial.asgi:application"]


_PEERS: Final = {
    "limit": _Peer(_limit),
    "nchan": _Peer(_nchan),
    "ws": _Peer(_ws, env={"NODE_ENV": "production"}),
    "socketio": _Peer(_socketio, "socketio", "/socket.io/", env={"NODE_ENV": "production"}),
    "fastapi": _Peer(_fastapi),
    "tutorial": _Peer(_tutorial, path="/ws/chat/lobby/", redis=True),
}
PEERS: Final = tuple(_PEERS)


@contextmanager
def peer(name: str) -> Iterator[Running]:
    """One of `PEERS`, on a free port. Raises Missing, naming what is not installed."""
    wanted = _PEERS[name]
    allow_many_sockets()  # which it inherits
    with ExitStack() as stack:
        folder = stack.enter_context(services.folder({}))
        port = services.free_port()
        command = wanted.command(folder, port)
        variables = os.environ | {"PYTHONPATH": str(ROOT)} | dict(wanted.env)
        stores: tuple[int, ...] = ()
        if wanted.redis:
            variables["REDIS_URL"], pid = stack.enter_context(private_redis())
            stores = (pid,)
        pid = stack.enter_context(services.running(command, folder / "log", lambda: _accepts(port), env=variables))
        yield Running(name, wanted.dialect, port, wanted.path, own=(pid,), stores=stores)


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=2):
            return True
    except OSError:
        return False

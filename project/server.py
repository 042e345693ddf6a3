"""The production server: uvicorn with Parley's WebSocket protocol, and a shutdown that has an end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import threading
from types import FrameType

import structlog
import uvicorn

from chat.protocol.limits import FRAME_BYTES, HEARTBEAT_SECONDS
from project import interpreter, uncaught
from project.looplag import LoopLag

logger = structlog.stdlib.get_logger("parley.server")

PONG_SECONDS = 14.0  # a silent peer is cut within 35 s
KEEP_ALIVE_SECONDS = 75  # longer than a proxy keeps its end, so that the proxy never writes into a closed one
# Together under EXIT_SECONDS, after which the process ends whatever still runs.
RETIRE_SECONDS = 2.0  # whoever asks `/readyz` every second has seen it fail
DRAIN_SECONDS = 3.0
GRACE_SECONDS = 3
EXIT_SECONDS = 9.0


class Server(uvicorn.Server):
    """SIGTERM and SIGINT: the application takes its leave, sockets get 1012, exit code 0 within 10 s."""

    ready_line = ""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        with self.capture_signals():
            await self._serve(sockets)
            # uvicorn raises what it caught once more; an orderly end is no death by signal.
            self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        interpreter.tune()
        self.loop_lag = LoopLag()
        uncaught.watch(asyncio.get_running_loop())
        if self.started and self.ready_line:
            print(self.ready_line, flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            give_up_after(EXIT_SECONDS)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.retire()
        for server in self.servers:
            server.close()
        self.loop_lag.stop()
        await self.drain()
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the loop closes next, and must not find them

    async def retire(self) -> None:
        """Serves on for a moment in which `/readyz` says 503, so that those to come are sent elsewhere."""
        from chat.realtime import lifecycle  # a worker unpickles this module before there are models

        lifecycle.retire()
        if signal.SIGTERM in self._captured_signals and self.server_state.connections:
            await asyncio.sleep(RETIRE_SECONDS)

    async def drain(self) -> None:
        """Lets the application say `bye` and finish its transactions."""
        from chat.realtime import lifecycle

        try:
            await asyncio.wait_for(lifecycle.drain(), DRAIN_SECONDS)
        except TimeoutError:
            logger.warning("draining took too long", seconds=DRAIN_SECONDS)
        except Exception:
            logger.exception("draining failed")


def give_up_after(seconds: float) -> None:
    """Ends the process with code 0 when an orderly end takes longer: what is committed is safe anyway."""

    def give_up() -> None:
        logger.warning("something still ran after the signal to stop", seconds=seconds)
        os._exit(0)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


def configuration(*, workers: int, trusted_proxies: list[str]) -> uvicorn.Config:
    """Only strings and numbers, because it is pickled for workers."""
    return uvicorn.Config(
        "project.asgi:application",
        interface="asgi3",
        loop="uvloop",
        http="project.http:HttpProtocol",
        ws="project.websocket:WebSocketProtocol",
        lifespan="on",
        log_config=None,
        access_log=False,  # project.requests and the consumer say more
        workers=workers,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=HEARTBEAT_SECONDS,
        ws_ping_timeout=PONG_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one. Stops the start with one line when it cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        raise SystemExit(f"Cannot listen on HOST {host!r}, PORT {port}: {error.strerror or error}") from None
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def take_over(descriptor: int) -> socket.socket:
    """The listening socket that systemd holds: who comes while this process is started again waits in it."""
    listener = socket.socket(fileno=descriptor)
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def ready_line(listener: socket.socket, host: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"Parley is ready at http://{shown}:{listener.getsockname()[1]}"


def run(*, host: str, port: int, passed: int | None, workers: int, trusted_proxies: list[str]) -> int:
    """Serves until a signal; returns the exit code. `passed`: a listening socket in the place of `host` and `port`."""
    allow_many_sockets()
    listener = listen(host, port) if passed is None else take_over(passed)
    config = configuration(workers=workers, trusted_proxies=trusted_proxies)
    line = ready_line(listener, host)
    if workers > 1:
        from project.workers import Workers

        return Workers(config, listener, line).serve()
    server = Server(config)
    server.ready_line = line
    server.run([listener])
    return 0


def allow_many_sockets() -> None:
    """A shell's usual 1,024 open files would be the limit on people online."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

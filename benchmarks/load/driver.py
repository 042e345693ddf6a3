"""Runs the load generator's process: a method for each of its commands."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Literal, Protocol, Self, TypeVar

import msgspec

from benchmarks.load import build
from benchmarks.load.answers import Answer, Changed, Closed, Connected, Dropped, Idled, Posted, Stats, Targeted

STOP_SECONDS = 10.0

A = TypeVar("A", bound=Answer)


class LoadFailed(Exception):
    """The generator could not do what it was told; its own words."""


class Server(Protocol):
    """What is put under load. `tokens` is a file with an access token a line, for client 0, 1, …"""

    @property
    def dialect(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def path(self) -> str: ...
    @property
    def tokens(self) -> Path | None: ...


def clients(start: int, stop: int) -> dict[str, int]:
    return {"from": start, "to": stop}


class Load:
    """The clients of one server, numbered from 0. Ranges are half open, as Python's are."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [build.binary()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        server = self._server
        try:
            target = {"host": server.host, "port": server.port, "path": server.path, "dialect": server.dialect}
            self._ask(Targeted, "target", **target, tokens=server.tokens)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the generator, and with it every connection."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def connect(
        self, start: int, stop: int, *, window: int = 64, resume: bool = False, timeout: float = 60
    ) -> Connected:
        """Opens clients, at most `window` on their way to `ready` at any time; `resume` takes up their earlier lives.

        Gives up `timeout` seconds after the last one became ready.
        """
        return self._ask(
            Connected, "connect", **clients(start, stop), window=window, resume=int(resume), timeout=timeout
        )

    def post(
        self,
        start: int,
        stop: int,
        *,
        wait: Literal["all", "own", "ok"],
        posts: int | None = None,
        seconds: float | None = None,
        in_flight: int = 1,
        rate: float | None = None,
        bytes: int = 100,
        timeout: float = 60,
    ) -> Posted:
        """These clients post `bytes` each, until `posts` are sent or `seconds` are over, and everything has arrived.

        wait="all": one post in flight altogether, until every client that reads has it; "own": `in_flight` of each
        poster, until it has its own message back (and `ok`); "ok": until `ok`. With `rate`, posts a second altogether,
        none waits for another. Gives up `timeout` seconds after the last post, answer or delivery.
        """
        limits = {"posts": posts, "seconds": seconds, "in_flight": in_flight, "rate": rate}
        return self._ask(Posted, "post", **clients(start, stop), wait=wait, **limits, bytes=bytes, timeout=timeout)

    def stop_reading(self, start: int, stop: int) -> Changed:
        """They stay connected, and take nothing more from the kernel, not even the end of the connection."""
        return self._ask(Changed, "stop_reading", **clients(start, stop))

    def start_reading(self, start: int, stop: int) -> Changed:
        return self._ask(Changed, "start_reading", **clients(start, stop))

    def drop(self, start: int, stop: int, *, how: Literal["reset", "close"]) -> Dropped:
        return self._ask(Dropped, "drop", **clients(start, stop), how=how)

    def wait_closed(self, start: int, stop: int, *, timeout: float) -> Closed:
        """Until the server has closed them all, or `timeout` seconds are over."""
        return self._ask(Closed, "wait_closed", **clients(start, stop), timeout=timeout)

    def idle(self, seconds: float) -> Idled:
        """Answers pings."""
        return self._ask(Idled, "idle", seconds=seconds)

    def stats(self) -> Stats:
        return self._ask(Stats, "stats")

    def _ask(self, answer: type[A], command: str, **arguments: Any) -> A:
        assert self._process.stdin is not None and self._process.stdout is not None
        words = [command, *(f"{key}={value}" for key, value in arguments.items() if value is not None)]
        try:
            self._process.stdin.write(" ".join(words) + "\n")
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line.endswith("\n"):
            raise LoadFailed(f"{command}: the generator ended with {self._process.wait()}")
        fields = msgspec.json.decode(line)
        if "error" in fields:
            raise LoadFailed(f"{command}: {fields['error']}")
        return msgspec.convert(fields, answer)

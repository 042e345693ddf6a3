"""A server on which links lead to all kinds of beasts. `zoo.url("/page")`; what was asked for is in `zoo.asked`."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Beast = Callable[["Handler"], None]
WAIT_SECONDS = 30.0
ENDLESS_BYTES = 1024**3


@dataclass
class Zoo:
    """`pages` may be given others while it is open; `sent` counts the bytes of bodies that went out."""

    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pages: dict[str, Beast] = field(default_factory=dict)
    sent: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def until(self, number: int) -> None:
        """Waits for so many requests."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.asked) < number:
            assert time.monotonic() < deadline, f"{len(self.asked)} of {number} requests came"
            time.sleep(0.02)


class Handler(BaseHTTPRequestHandler):
    zoo: Zoo

    def do_GET(self) -> None:
        self.zoo.asked.append((self.path, dict(self.headers)))
        with contextlib.suppress(OSError):
            self.zoo.pages.get(self.path.partition("?")[0], status(404))(self)

    def answer(self, data: bytes, type: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> None:
        self.begin(type, status, **{"Content-Length": str(len(data)), **headers})
        self.wfile.write(data)

    def begin(self, type: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": type, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def page(html: str | bytes, type: str = "text/html; charset=utf-8", **headers: str) -> Beast:
    data = html.encode() if isinstance(html, str) else html
    return lambda handler: handler.answer(data, type, **headers)


def article(title: str, description: str = "", image: str = "", site: str = "") -> Beast:
    named = {"og:title": title, "og:description": description, "og:image": image, "og:site_name": site}
    metas = "".join(f'<meta property="{name}" content="{value}">' for name, value in named.items() if value)
    return page(f"<!doctype html><html><head>{metas}</head><body><h1>Not this</h1></body></html>")


def status(number: int) -> Beast:
    return lambda handler: handler.answer(b"<title>No</title>", status=number)


def moved(location: str, number: int = 302) -> Beast:
    return lambda handler: handler.answer(b"", status=number, Location=location)


def endless(head: bytes = b"<head><title>Endless</title>", type: str = "text/html") -> Beast:
    """A gigabyte, made as it is read."""

    def beast(handler: Handler) -> None:
        handler.begin(type)
        handler.wfile.write(head)
        piece = b"<meta name=more>" * 4096
        while handler.zoo.sent < ENDLESS_BYTES and not handler.zoo.closing.is_set():
            handler.wfile.write(piece)
            handler.zoo.sent += len(piece)

    return beast


def dripping(handler: Handler) -> None:
    """A byte now and then, so that no time between two of them is long."""
    handler.begin("text/html")
    for each in b"<title>Slow</title>" * 1000:
        handler.wfile.write(bytes([each]))
        handler.zoo.sent += 1
        if handler.zoo.closing.wait(0.05):
            return


def packed(handler: Handler) -> None:
    """A bomb: a hundred megabytes in a hundred kilobytes."""
    data = gzip.compress(b"<title>Bomb</title>" + b"\0" * 100_000_000, 1)
    handler.answer(data, Content_Encoding="gzip")


def cut(handler: Handler) -> None:
    """The connection is reset in the middle of the body."""
    handler.begin("text/html", Content_Length="5000")
    handler.wfile.write(b"<title>Half a")
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def noise(handler: Handler) -> None:
    handler.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")


@contextlib.contextmanager
def open_zoo(**pages: Beast) -> Iterator[Zoo]:
    """Names of `pages` are paths without their slash."""
    zoo = Zoo(pages={f"/{name}": beast for name, beast in pages.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Keeper", (Handler,), {"zoo": zoo}))
    server.daemon_threads = True
    zoo.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield zoo
    finally:
        zoo.closing.set()
        server.shutdown()
        server.server_close()

"""uvicorn's HTTP protocol with bounds on what comes before an application is asked: the head of a request."""

from __future__ import annotations

import asyncio
import sys
from asyncio.transports import BaseTransport

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from project.limits import BODY_BYTES, HEAD_BYTES, HEAD_SECONDS
from project.websocket import WebSocketProtocol

ABORT_EXTENSION = "parley.abort"
"""In a scope: ends the connection at once, whatever still waits to be read. `chat.realtime` knows it by that name."""

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """The parser keeps a head until it is complete, however long that is and takes; here it is cut before.

    `unseen` counts the bytes that no application has been given: of a head, or of the framing and the trailers of a
    body, which `project.limits` cannot see.
    """

    in_head = True
    unseen = 0
    upgraded_at: int | None = None
    head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._head_begins()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.unseen += len(data)
        if self.in_head and self.head_timer is None:
            self._head_begins()  # with whatever: the parser begins a message only after blank lines
        super().data_received(data)
        if self.upgraded_at is not None:
            protocol = self.transport.get_protocol()
            assert isinstance(protocol, WebSocketProtocol)
            protocol.data_received(data[self.upgraded_at :])
        elif self.unseen > (HEAD_BYTES if self.in_head else BODY_BYTES) and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(TOO_LARGE)
            self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        """Called while what ended the parser is handled: it tells where in the data the head ends."""
        super().handle_websocket_upgrade()
        upgrade = sys.exception()
        assert isinstance(upgrade, httptools.HttpParserUpgrade)
        self.upgraded_at = upgrade.args[0]

    def _get_upgrade(self) -> bytes | None:
        """Header lines of one name are one list (RFC 9110, section 5.3); HTTP/1.0 knows no upgrade (section 7.8)."""
        if self.parser.get_http_version() != "1.1" or b"upgrade" not in self._listed(b"connection"):
            return None
        return b"websocket" if b"websocket" in self._listed(b"upgrade") else None

    def _listed(self, name: bytes) -> list[bytes]:
        lines = b",".join(value for header, value in self.headers if header == name)
        return [token.strip().lower() for token in lines.split(b",")]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT_EXTENSION: self.transport.abort}  # type: ignore[dict-item]
        if self.head_timer is None:
            self._head_begins()

    def on_headers_complete(self) -> None:
        self._stop_timer()
        self.in_head = False
        self.unseen = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.unseen = max(0, self.unseen - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_head = True
        self.unseen = 0
        super().on_message_complete()

    def _head_begins(self) -> None:
        self.head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        self.head_timer = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _stop_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

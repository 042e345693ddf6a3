"""The opening handshake (RFC 6455, section 4.2): what the library lets pass, and what it has no words for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from project.ending import Ending

VERSION: Final = "13"
BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Handshake(Ending):
    """Answers every request: with what the application says, or with why it was not asked."""

    def handshake_received(self, data: bytes) -> None:
        """The HTTP parser has read this request already, but lets more pass than the library does."""
        if self.transport.is_closing():
            return
        try:
            super().data_received(data)
            understood = self.handshake_initiated or self.conn.handshake_exc is None
        except UnicodeError:
            understood = False
        if not understood:
            self.transport.write(b"".join(self.conn.data_to_send()) or BAD_REQUEST)
            self.transport.close()

    def handle_connect(self, event: Request) -> None:
        event.path = resource_name(event.path)
        response = refusal(self.conn, event)
        if response is None:
            super().handle_connect(event)
            return
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.conn.send_response(response)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()


def refusal(conn: ServerProtocol, request: Request) -> Response | None:
    """The answer to a request that the library would accept, or refuse without saying what RFC 6455 wants said."""
    if request.headers.get_all("Sec-WebSocket-Version") != [VERSION]:
        response = conn.reject(HTTPStatus.UPGRADE_REQUIRED, f"Sec-WebSocket-Version must be {VERSION}.\n")
        response.headers["Upgrade"] = "websocket"
        response.headers["Sec-WebSocket-Version"] = VERSION  # section 4.4
        return response
    hosts = request.headers.get_all("Host")
    if len(hosts) != 1 or not hosts[0]:
        return conn.reject(HTTPStatus.BAD_REQUEST, "Host must be named, and once.\n")
    return None


def resource_name(target: str) -> str:
    """Path and query of a request's target, which may be an absolute URI as well (section 4.1, item 2)."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

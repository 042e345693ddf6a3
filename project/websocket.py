"""uvicorn's WebSocket protocol with finished-frame writing, and with an end to every connection."""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from chat.protocol.limits import SLOW_BYTES
from project.frames import EXTENSION, PAUSE_BYTES, Frames
from project.waiting import Gate, Inbox

LAST_WORDS_SECONDS = 5.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Offers `scope["extensions"]["parley.frames"]`. Whoever does not read is gone 5 s after a close."""

    frames_extension: Frames
    paused = False
    drop_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Inbox()  # type: ignore[assignment]
        self.writable = Gate()  # type: ignore[assignment]

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=PAUSE_BYTES)
        self.frames_extension = Frames(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.drop_timer is not None:
            self.drop_timer.cancel()
            self.drop_timer = None

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.frames_extension

    # What comes in --------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            self.handshake_received(data)
        else:
            super().data_received(data)

    def handshake_received(self, data: bytes) -> None:
        """The HTTP parser has read this request already, but lets more pass than this one does."""
        try:
            super().data_received(data)
            understood = self.handshake_initiated or self.conn.handshake_exc is None
        except UnicodeError:
            understood = False
        if not understood:
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.transport.close()

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.paused and self.transport.get_write_buffer_size() > SLOW_BYTES:
            self.transport.abort()  # it asks and asks, and never reads an answer

    def handle_cont(self, event: Frame) -> None:
        # Empty fragments count nothing towards the size limit, so a list of them would have none.
        if event.data or event.fin:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not self.close_sent:
            data = b"".join(self.frames)
            try:
                data.decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.send_close(1007)
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Says why (1002, 1007, 1009), then takes in what is still under way.

        Closing a TCP connection with unread bytes resets it, and the peer would never read the reason.
        """
        if self.close_sent:
            return
        assert self.conn.close_sent is not None  # else the handshake itself was bad: see handshake_received
        close = self.conn.close_sent
        self.queue.put_nowait({"type": "websocket.disconnect", "code": close.code, "reason": close.reason})
        self.say_goodbye()
        if not self.transport.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            # The handshake was denied, which is an answer: else uvicorn logs that there was none.
            self.handshake_complete = True
        elif message["type"] == "websocket.accept":
            # Read and answered; whoever idles need not keep the letters.
            del self.request, self.response

    # The end --------------------------------------------------------------------------------------

    def close_now(self, code: int, reason: str = "") -> None:
        """What `send({"type": "websocket.close"})` does, without waiting until the buffer has room."""
        if not self.handshake_complete or self.close_sent or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.say_goodbye()

    def say_goodbye(self) -> None:
        """Writes the close frame that `conn` holds, and reads on until the peer answers or time is up."""
        self.stop_keepalive()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(LAST_WORDS_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        if not self.handshake_initiated:
            self.transport.abort()
        elif self.close_sent or not self.transport.is_closing():
            super().shutdown()
            self.drop_later()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self.drop_later()

    def drop_later(self) -> None:
        """A transport that is closing waits for its buffer, and a peer that reads nothing keeps it for ever."""
        if not self.disconnected and self.drop_timer is None:
            self.drop_timer = self.loop.call_later(LAST_WORDS_SECONDS, self.transport.abort)

    # Back-pressure --------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self.paused = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.paused = False

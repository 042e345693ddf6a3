"""The WebSocket protocol of the production server: reads frames strictly, writes finished ones."""

from __future__ import annotations

from asyncio.transports import BaseTransport
from typing import Any

from uvicorn._types import ASGIReceiveEvent, ASGISendEvent, WebSocketAcceptEvent
from uvicorn.protocols.utils import ClientDisconnected
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.http11 import Request

from chat.protocol.limits import SLOW_BYTES
from project.frames import EXTENSION, PAUSE_BYTES, Frames
from project.handshake import Handshake
from project.incoming import Fragment, Incoming, Violation

FRAMES_PER_TURN = 64


class WebSocketProtocol(Handshake):
    """Offers `scope["extensions"]["parley.frames"]`, and reads by the letter of RFC 6455.

    The library's `conn` shakes hands and writes; what comes in after the handshake is read by `incoming`.
    """

    frames_extension: Frames
    incoming: Incoming
    deaf = False  # nothing that comes in is read any more
    live = False
    paused = False

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=PAUSE_BYTES)
        self.frames_extension = Frames(self)
        self.incoming = Incoming(self.config.ws_max_size)

    # The handshake --------------------------------------------------------------------------------

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.frames_extension
            self.stop_reading()  # until the application has accepted: a pong may not precede the answer

    async def send(self, message: ASGISendEvent) -> None:
        if self.deaf:
            raise ClientDisconnected
        if message["type"] == "websocket.accept" and not self.handshake_complete and self.initial_response is None:
            self.accept(message)
            return
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            # The handshake was denied, which is an answer: else uvicorn logs that there was none.
            self.handshake_complete = True

    def accept(self, message: WebSocketAcceptEvent) -> None:
        """Answers 101. The library would also log a line for each socket, a tenth of what it takes to open one."""
        if self.disconnected:
            raise ClientDisconnected
        headers = self.response.headers
        del headers["Date"]
        for name, value in [*self.default_headers, *message.get("headers", ())]:
            headers[name.decode("latin-1")] = value.decode("latin-1")
        subprotocol = message.get("subprotocol")
        if subprotocol:
            headers["Sec-WebSocket-Protocol"] = subprotocol
        if not self.transport.is_closing():
            self.handshake_complete = True
            self.conn.send_response(self.response)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.start_keepalive()
            self.frames_extension.begin()
        # Read and answered; whoever idles need not keep the letters, which the library's reader holds too.
        self.request = self.response = None  # type: ignore[assignment]
        self.conn.parser.close()
        self.read_on()

    def writing_ends(self) -> None:
        self.frames_extension.end()

    # What comes in --------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            self.handshake_received(data)
        elif not self.deaf:
            self.incoming.feed(data)
            self.handle_frames()

    async def receive(self) -> ASGIReceiveEvent:
        message: ASGIReceiveEvent = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_on()
        return message

    def stop_reading(self) -> None:
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def read_on(self) -> None:
        if self.handshake_complete and not self.transport.is_closing():
            super().read_on()
            self.handle_frames()

    def handle_frames(self) -> None:
        """Handles what has come in: a few frames in each turn of the loop, for others want their turn, too."""
        for _ in range(FRAMES_PER_TURN):
            if self.deaf or not self.handshake_complete or self.transport.is_closing():
                return
            try:
                received = self.incoming.next()
            except Violation as violation:
                self.fail(violation)
                return
            if received is None:
                return
            self.handle(received)
        self.stop_reading()
        if self.queue.empty() or self.close_sent:
            self.loop.call_soon(self.read_on)  # else once the application has taken its messages

    def handle(self, received: str | bytes | Frame | Close | Fragment) -> None:
        if isinstance(received, str | bytes):
            self.message_received(received)
        elif isinstance(received, Close):
            self.close_received(received)
        elif isinstance(received, Frame):
            if received.opcode is Opcode.PING:
                self.conn.send_pong(received.data)
                self.handle_ping()
            else:
                self.handle_pong(received)

    def message_received(self, message: str | bytes) -> None:
        if self.close_sent:
            return
        if not self.queue.empty():
            self.stop_reading()  # the application is behind; for one message alone that would be two calls for nothing
        if isinstance(message, str):
            self.queue.put_nowait({"type": "websocket.receive", "text": message})
        else:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": message})

    def handle_ping(self) -> None:
        super().handle_ping()
        if self.paused and self.transport.get_write_buffer_size() > SLOW_BYTES:
            self.transport.abort()  # it asks and asks, and never reads an answer

    def close_received(self, close: Close) -> None:
        """Answers with the same status code (section 5.5.1), or takes the answer to ours."""
        self.deaf = True
        if self.close_sent:
            self.transport.close()
            return
        self.told_end(close.code, close.reason)
        self.conn.send_close(None if close.code == CloseCode.NO_STATUS_RCVD else close.code, close.reason)
        self.say_goodbye()
        self.transport.write_eof()

    def fail(self, violation: Violation) -> None:
        """Says why (section 7.1.7)."""
        self.deaf = True
        if not self.close_sent:
            code, reason = violation.code, violation.reason
            self.told_end(code, reason)
            self.conn.send_close(code, reason)
            self.say_goodbye()
        self.transport.write_eof()

    # Back-pressure --------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        super().pause_writing()
        self.paused = True
        if self.live:
            self.frames_extension.slow()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.paused = False

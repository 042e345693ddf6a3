"""The ASGI scope extension `parley.frames`: finished WebSocket frames, written straight to the transport.

`send()` encodes and awaits once per socket. The hub encodes an event once and hands the same bytes to
every socket through `scope["extensions"]["parley.frames"]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.protocol.limits import SLOW_BYTES

if TYPE_CHECKING:
    from project.websocket import WebSocketProtocol

EXTENSION = "parley.frames"
PAUSE_BYTES = 256 * 1024


class Frames:
    """One socket's way out. Only for the event loop's thread; nothing here raises after the peer is gone."""

    __slots__ = ("_protocol", "_slow", "_transport")

    def __init__(self, protocol: WebSocketProtocol) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        self._slow: Callable[[], None] = protocol.transport.abort

    def write(self, buffer: bytes) -> None:
        """Writes whole unmasked frames (RFC 6455, section 5.2). Does nothing before the handshake or after a close."""
        protocol = self._protocol
        if protocol.handshake_complete and not protocol.close_sent and not self._transport.is_closing():
            self._transport.write(buffer)
            if protocol.paused and self._transport.get_write_buffer_size() > SLOW_BYTES:
                self._slow()

    def buffered(self) -> int:
        """Bytes that the peer has not taken yet, as far as this process holds them."""
        return self._transport.get_write_buffer_size()

    async def drain(self) -> None:
        """Waits, when more than PAUSE_BYTES are in the buffer, until most of them are gone or the connection is."""
        await self._protocol.writable.wait()

    def on_slow(self, callback: Callable[[], None]) -> None:
        """`callback` is called from within each `write` that leaves more than SLOW_BYTES in the buffer.

        A socket that names no callback is aborted then.
        """
        self._slow = callback

    def close(self, code: int, reason: str = "") -> None:
        """Sends a close frame without waiting for room in the buffer; after 5 s the connection is dropped.

        The application then receives `websocket.disconnect` with this code.
        """
        self._protocol.close_now(code, reason)

    def abort(self) -> None:
        """Drops the connection at once, with whatever is in the buffer."""
        self._transport.abort()

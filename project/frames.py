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


def nowhere(buffer: bytes) -> None:
    """Writes nothing."""


class Frames:
    """One socket's way out. Only for the event loop's thread.

    `write` takes whole unmasked frames (RFC 6455, section 5.2). It is the transport's own: a call that looked first
    whether the connection still stands would cost a fifth of a delivery. So whoever keeps it lets go of it in `on_end`,
    which comes in the moment a close frame goes out or comes in, or the connection is lost. Before the handshake and
    after the end, `write` does nothing.
    """

    __slots__ = ("_end", "_protocol", "_slow", "write")

    def __init__(self, protocol: WebSocketProtocol) -> None:
        self._protocol = protocol
        self._slow: Callable[[], None] = protocol.transport.abort
        self._end: Callable[[], None] | None = None
        self.write: Callable[[bytes], None] = nowhere

    def buffered(self) -> int:
        """Bytes that the peer has not taken yet, as far as this process holds them."""
        return self._protocol.transport.get_write_buffer_size()

    async def drain(self) -> None:
        """Waits, when more than PAUSE_BYTES are in the buffer, until most of them are gone or the connection is.

        Only until `go_live`.
        """
        await self._protocol.writable.wait()

    def go_live(self) -> None:
        """From now on more than SLOW_BYTES in the buffer are too many, see `on_slow`, and nobody waits in `drain`."""
        self._protocol.transport.set_write_buffer_limits(high=SLOW_BYTES)
        self._protocol.live = True

    def on_slow(self, callback: Callable[[], None]) -> None:
        """`callback` is called from within the `write` that leaves more than SLOW_BYTES in a live socket's buffer.

        A socket that names no callback is aborted then.
        """
        self._slow = callback

    def on_end(self, callback: Callable[[], None]) -> None:
        """`callback` is called once, when nothing may be written any more."""
        self._end = callback

    def close(self, code: int, reason: str = "") -> None:
        """Sends a close frame without waiting for room in the buffer; after 5 s the connection is dropped.

        The application then receives `websocket.disconnect` with this code.
        """
        self._protocol.close_now(code, reason)

    def abort(self) -> None:
        """Drops the connection at once, with whatever is in the buffer."""
        self._protocol.transport.abort()

    # For the protocol -----------------------------------------------------------------------------

    def begin(self) -> None:
        self.write = self._protocol.transport.write

    def slow(self) -> None:
        self._slow()

    def end(self) -> None:
        self.write = nowhere
        told, self._end = self._end, None
        if told is not None:
            told()

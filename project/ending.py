"""An end to every connection: what is said before it, and who is dropped because they do not hear."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from chat.protocol.closing import ABNORMAL
from project.waiting import Gate, Inbox

LAST_WORDS_SECONDS = 5.0

logger = logging.getLogger("websockets")


class Ending(WebSocketsSansIOProtocol):
    """uvicorn's protocol. Whoever does not read, or does not answer a close, is gone 5 s after it."""

    drop_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.logger = logger
        self.queue = Inbox(self.loop)  # type: ignore[assignment]
        self.writable = Gate()  # type: ignore[assignment]

    @property
    def close_sent(self) -> bool:
        return self._close_sent

    @close_sent.setter
    def close_sent(self, sent: bool) -> None:
        # The library sets it wherever it has written a close frame.
        self._close_sent = sent
        if sent:
            self.writing_ends()

    def writing_ends(self) -> None:
        """Called, perhaps more than once, when the application may write nothing any more."""

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.close_sent:
            self.told_end(ABNORMAL)  # the library says 1005, which is a close frame without a code
        self.writing_ends()
        super().connection_lost(exc)
        if self.drop_timer is not None:
            self.drop_timer.cancel()
            self.drop_timer = None

    def read_on(self) -> None:
        self.read_paused = False
        self.transport.resume_reading()

    def close_now(self, code: int, reason: str = "") -> None:
        """What `send({"type": "websocket.close"})` does, without waiting until the buffer has room."""
        if not self.handshake_complete or self.close_sent or self.transport.is_closing():
            return
        self.told_end(code, reason)
        self.conn.send_close(code, reason)
        self.say_goodbye()

    def told_end(self, code: int, reason: str = "") -> None:
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})

    def say_goodbye(self) -> None:
        """Writes the close frame that `conn` holds, and reads on until the peer answers or time is up.

        Closing a TCP connection with unread bytes resets it, and the peer would never read the reason.
        """
        self.stop_keepalive()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.loop.call_soon(self.read_on)
        self.close_timer = self.loop.call_later(LAST_WORDS_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        if not self.handshake_initiated:
            self.transport.abort()
        elif self.close_sent or not self.transport.is_closing():
            super().shutdown()
            self.writing_ends()
            self.drop_later()

    def keepalive_timeout(self) -> None:
        if not self.close_sent:
            self.told_end(ABNORMAL, "no answer to a ping")
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

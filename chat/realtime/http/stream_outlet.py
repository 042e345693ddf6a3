"""The way out by server-sent events: the same frames, each as the data of one event."""

import asyncio
from typing import Final

from chat.protocol import events
from chat.protocol.closing import CloseCode
from chat.protocol.events import BYE_CODES, Close
from chat.realtime.outlets import Send, SendOutlet

BEAT_SECONDS: Final = 5.0
"""A page hears no other sign of life; and a proxy ends what is silent."""
LAST_WORDS_SECONDS: Final = 5.0
BEAT: Final = ""


class StreamOutlet(SendOutlet):
    """`finished` is done when nothing is sent any more, `complete` whether that is the end of the response."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._loop = asyncio.get_running_loop()
        self._beat_timer = self._loop.call_later(BEAT_SECONDS, self._beat)
        self._last_words: asyncio.TimerHandle | None = None
        self.complete = False

    @property
    def finished(self) -> "asyncio.Task[None]":
        return self._task

    def close(self, code: int) -> None:
        super().close(code)
        if self._last_words is None:  # whoever does not read them is not waited for
            self._last_words = self._loop.call_later(LAST_WORDS_SECONDS, self._task.cancel)

    async def stop(self) -> None:
        self._beat_timer.cancel()
        if self._last_words is not None:
            self._last_words.cancel()
        await super().stop()

    def _beat(self) -> None:
        self._beat_timer = self._loop.call_later(BEAT_SECONDS, self._beat)
        if not self._waiting and not self._closing:
            self._waiting.append(BEAT)
            self._filled.set()

    async def _say(self, text: str) -> None:
        # A line that begins with a colon is a comment.
        body = b":\n\n" if text is BEAT else b"data: %b\n\n" % text.encode()
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _say_close(self, code: int) -> None:
        text = close_frame(code)
        await self._send({"type": "http.response.body", "body": b"data: %b\n\n" % text.encode(), "more_body": False})
        self.complete = True


def close_frame(code: int) -> str:
    return events.encode(Close(code=int(code), reason=BYE_CODES[CloseCode(code)]))

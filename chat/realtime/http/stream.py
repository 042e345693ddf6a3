"""Server-sent events (HTML, section 9.2): what a socket would bring, as one response that does not end."""

import asyncio
import time
from typing import Final

import msgspec
import structlog

from chat.protocol.closing import ABNORMAL
from chat.protocol.commands import Resume
from chat.realtime.http.conversation import Conversation
from chat.realtime.http.door import Door, conversing
from chat.realtime.http.request import Headers, Request
from chat.realtime.http.stream_outlet import StreamOutlet
from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

HEADERS: Final[Headers] = ((b"x-accel-buffering", b"no"),)  # what nginx calls it; several other proxies heed it
ABORT_EXTENSION: Final = "parley.abort"

_resume: Final = msgspec.json.Decoder(Resume)


class Stream(Door):
    methods = ("GET", "POST")

    async def answer(self, request: Request) -> None:
        async with conversing(request) as (identity, hub):
            resume = await _resume_of(request)
            await request.begin(b"text/event-stream", HEADERS)
            metrics.connects.labels("200").inc()
            outlet = StreamOutlet(request.send)
            conversation = Conversation(identity, hub, outlet)
            request.forget_headers()
            logger.info("stream open", connection=conversation.session.id)
            begun = time.monotonic()
            gone = asyncio.create_task(request.gone())
            try:
                conversation.begin(resume)
                await asyncio.wait({gone, outlet.finished}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await conversation.stop()
                _note_end(conversation, time.monotonic() - begun)
                await outlet.stop()
                if not outlet.complete and not gone.done():
                    await _abort(request, gone)
                gone.cancel()


async def _resume_of(request: Request) -> Resume:
    if request.method == "POST":
        return await request.fields(_resume)
    await request.body()
    return Resume()


def _note_end(conversation: Conversation, seconds: float) -> None:
    ours = conversation.session.ended_with
    code, by = (int(ours), "server") if ours else (ABNORMAL, "client")
    metrics.closed(code)
    logger.info("stream closed", by=by, code=code, reason=ours.name.lower() if ours else "", seconds=round(seconds, 1))


async def _abort(request: Request, gone: "asyncio.Task[None]") -> None:
    """Drops a client that does not read: closing would wait for it, perhaps for ever."""
    abort = request.scope.get("extensions", {}).get(ABORT_EXTENSION)
    if abort is not None:
        abort()
        await gone

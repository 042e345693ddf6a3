"""Long poll, for where even a response that does not end is held back: what has come since, or what comes next."""

import asyncio
from typing import Final

import msgspec

from chat.protocol.carried import PollBody
from chat.protocol.commands import Resume
from chat.protocol.limits import POLL_SECONDS
from chat.realtime.http.conversation import Conversation
from chat.realtime.http.door import Door, conversing
from chat.realtime.http.poll_outlet import PollOutlet
from chat.realtime.http.request import Request

SAID_ANYWAY: Final = 2  # hello and ready

_body: Final = msgspec.json.Decoder(PollBody)


class Poll(Door):
    async def answer(self, request: Request) -> None:
        """`{"frames": […]}`: at once when there is something to tell beyond `ready`, at the latest after `wait`.

        Without `ready` there is more: the client asks again with what it has by then.
        """
        async with conversing(request) as (identity, hub):
            body = await request.fields(_body)
            outlet = PollOutlet()
            conversation = Conversation(identity, hub, outlet)
            gone = asyncio.create_task(request.gone())
            try:
                await self._wait(conversation.begin(Resume(epoch=body.epoch, cursors=body.cursors)), outlet, gone, body)
            finally:
                await conversation.stop()
                is_gone = gone.done()
                gone.cancel()
            if not is_gone:
                await request.answer(200, b'{"frames":[%b]}' % ",".join(outlet.texts).encode())

    async def _wait(
        self, beginning: "asyncio.Task[None]", outlet: PollOutlet, gone: "asyncio.Task[None]", body: PollBody
    ) -> None:
        over = asyncio.create_task(outlet.over.wait())
        try:
            await asyncio.wait({beginning, over, gone}, return_when=asyncio.FIRST_COMPLETED)
            if beginning.done() and len(outlet.texts) <= SAID_ANYWAY and body.wait and not gone.done():
                outlet.tell_next()
                seconds = min(body.wait, POLL_SECONDS)
                await asyncio.wait({over, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()

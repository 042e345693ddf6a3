"""One command that comes in a request of its own: it needs no session, only to know who asks."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from chat.operations import lookups
from chat.operations.credentials import Identity
from chat.protocol import commands, events
from chat.protocol.commands import BadFrame, Command
from chat.protocol.errors import BadRequest, NotFound, RateLimited
from chat.protocol.events import Ok
from chat.protocol.limits import TYPING_SECONDS
from chat.realtime import answering, handlers
from chat.realtime.http.door import flood
from chat.streams import database
from chat.streams.hub import Hub
from chat.streams.rates import SlidingWindow


class Errand:
    """What handlers need of a session. `answer` is the text of what the command gets, in the end."""

    def __init__(self, identity: Identity, hub: Hub) -> None:
        self.identity = identity
        self.hub = hub
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def send(self, text: str) -> None:
        if not self.answer.done():
            self.answer.set_result(text)

    async def run(self, text: bytes) -> None:
        """Returns when the next command may begin; a post's answer comes later, with its commit."""
        try:
            answer = await answering.answer(text, self._handle)
        except BadFrame as error:
            answer = events.refusal(BadRequest(f"a command is a JSON object, this is {error}"), None)
        if answer is not None:
            self.send(answer)

    async def _handle(self, command: Command) -> str | None:
        flood.count(self.identity.user.pk)
        handler = HANDLERS.get(type(command))
        if handler is None:
            raise BadRequest("this is for a socket: a stream or a poll begins with it", field="op")
        answering.check_scope(self.identity, command)
        return await handler(self, command)


_typed: Final = SlidingWindow(1, TYPING_SECONDS, "signals of typing")


async def typing(errand: Errand, command: commands.Typing) -> str:
    room_id, user_id = handlers.wire_id(command.room, "room"), errand.identity.user.pk
    if not await database.read(lookups.members, {(room_id, user_id)}):
        raise NotFound("there is no such room", field="room")
    with contextlib.suppress(RateLimited):
        _typed.count((room_id, user_id))
        handlers.tell_typing(errand.hub, f"room:{room_id}", errand.identity)
    return events.encode(Ok(ref=command.ref))


HANDLERS: Final[dict[type[Command], Callable[[Errand, Any], Awaitable[str | None]]]] = {
    commands.Post: handlers.post,
    commands.Edit: handlers.edit,
    commands.Delete: handlers.delete,
    commands.Read: handlers.read,
    commands.Typing: typing,
    commands.Join: handlers.join,
    commands.Leave: handlers.leave,
    commands.Ping: handlers.ping,
}

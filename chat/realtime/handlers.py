"""What each command does: a table from the kind of a command to its handler."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, Protocol

from chat.operations import checking, credentials, drafts, membership, messages, posting, reactions, threads
from chat.operations.credentials import BadCredentials, Identity
from chat.protocol import commands, events
from chat.protocol.errors import BadRequest, Forbidden, NotFound, Refused, Unavailable
from chat.protocol.events import Ok, Pong, Signal
from chat.protocol.limits import TYPING_SECONDS, TYPING_TTL_SECONDS
from chat.protocol.scopes import Scope
from chat.protocol.values import format_time, parse_id
from chat.realtime.session import Session
from chat.streams import database, metrics, writer
from chat.streams.hub import Hub


class Speaker(Protocol):
    """Whoever a command comes from, as far as most handlers need to know."""

    @property
    def identity(self) -> Identity: ...

    def send(self, text: str) -> None:
        """Takes the text of an answer that comes by itself."""


Handler = Callable[[Session, Any], Awaitable[str | None]]
"""Does what a command asks and returns the text of the answer; None when the answer comes by itself."""


async def resume(session: Session, command: commands.Resume) -> None:
    await session.resume(command)


async def post(speaker: Speaker, command: commands.Post) -> None:
    """Hands the draft to the writer and goes on, the answer follows the commit: posts of one socket are pipelined."""
    begun = time.perf_counter()
    room_id = wire_id(command.room, "room")
    reply_to = None if command.reply_to is None else wire_id(command.reply_to, "reply_to")
    thread = None if command.thread is None else wire_id(command.thread, "thread")
    client_id = _uuid(command.id)
    attachments = checking.attachments(command.attachments)
    sender_id = speaker.identity.user.pk
    posting.posts_limit.count(sender_id)
    said: drafts.Said = {
        "sender_id": sender_id,
        "room_id": room_id,
        "client_id": client_id,
        "body": command.body,
        "reply_to": reply_to,
        "thread": thread,
        "attachments": attachments,
    }
    draft = drafts.quick_draft(**said) or await database.read(drafts.draft, **said)
    _writer().enqueue(posting.commit_posts, draft, partial(_answer_post, speaker, command.ref, begun))


def _answer_post(speaker: Speaker, ref: str | None, begun: float, outcome: posting.Posted | Exception) -> None:
    if isinstance(outcome, posting.Posted):
        speaker.send(events.encode(Ok(ref=ref, message=str(outcome.message_id), seq=outcome.seq)))
        metrics.acknowledgement_seconds.observe(time.perf_counter() - begun)
    else:
        refused = outcome if isinstance(outcome, Refused) else Unavailable("this could not be stored", retry_after=1)
        speaker.send(events.refusal(refused, ref))


async def edit(speaker: Speaker, command: commands.Edit) -> str:
    message_id = wire_id(command.message, "message")
    rendered = await database.read(messages.rendered, command.body)
    seq = await writer.perform_async(
        messages.edit_message,
        actor=speaker.identity.user,
        message_id=message_id,
        body=command.body,
        rendered=rendered,
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def delete(speaker: Speaker, command: commands.Delete) -> str:
    seq = await writer.perform_async(
        messages.delete_message, actor=speaker.identity.user, message_id=wire_id(command.message, "message")
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def react(speaker: Speaker, command: commands.React) -> str:
    seq = await writer.perform_async(
        reactions.react,
        actor=speaker.identity.user,
        message_id=wire_id(command.message, "message"),
        emoji=command.emoji,
        on=command.on,
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def follow(speaker: Speaker, command: commands.Follow) -> str:
    seq = await writer.perform_async(
        threads.follow_thread,
        actor=speaker.identity.user,
        message_id=wire_id(command.message, "message"),
        on=command.on,
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def read(speaker: Speaker, command: commands.Read) -> str:
    room_id = wire_id(command.room, "room")
    if command.thread is not None:
        await writer.perform_async(
            threads.read_thread,
            actor=speaker.identity.user,
            room_id=room_id,
            message_id=wire_id(command.thread, "thread"),
            seq=command.seq,
            unread=command.unread,
        )
        return events.encode(Ok(ref=command.ref))
    reading = membership.Reading(speaker.identity.user.pk, room_id, command.seq, unread=command.unread)
    await _writer().submit(membership.commit_readings, reading)
    return events.encode(Ok(ref=command.ref))


async def typing(session: Session, command: commands.Typing) -> str:
    stream = f"room:{wire_id(command.room, 'room')}"
    if not session.hears(stream):
        raise NotFound("there is no such room", field="room")
    now = asyncio.get_running_loop().time()
    if now - session.typed_at.get(stream, -TYPING_SECONDS) >= TYPING_SECONDS:
        session.typed_at[stream] = now
        tell_typing(session.hub, stream, session.identity)
    return events.encode(Ok(ref=command.ref))


def tell_typing(hub: Hub, stream: str, identity: Identity) -> None:
    signal = Signal(type="typing", data={"user": str(identity.user.pk)}, stream=stream, ttl=TYPING_TTL_SECONDS)
    hub.send({"type": "stream.signal", "stream": stream, "text": events.encode(signal)})


async def join(speaker: Speaker, command: commands.Join) -> str:
    seq = await writer.perform_async(
        membership.join_room, actor=speaker.identity.user, room_id=wire_id(command.room, "room")
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def leave(speaker: Speaker, command: commands.Leave) -> str:
    seq = await writer.perform_async(
        membership.leave_room, actor=speaker.identity.user, room_id=wire_id(command.room, "room")
    )
    return events.encode(Ok(ref=command.ref, seq=seq))


async def auth(session: Session, command: commands.Auth) -> str:
    try:
        identity = await database.read(credentials.by_token, command.token)
    except BadCredentials as error:
        raise BadRequest(str(error), field="token") from None
    if identity.user.pk != session.identity.user.pk:
        raise Forbidden("this token is somebody else's", field="token")
    session.renew(identity)
    return events.encode(Ok(ref=command.ref, expires_at=format_time(identity.expires_at)))


async def ping(speaker: Speaker, command: commands.Ping) -> str:
    return events.encode(Pong(ref=command.ref))


HANDLERS: Final[dict[type[commands.Command], Handler]] = {
    commands.Resume: resume,
    commands.Post: post,
    commands.Edit: edit,
    commands.Delete: delete,
    commands.React: react,
    commands.Read: read,
    commands.Follow: follow,
    commands.Typing: typing,
    commands.Join: join,
    commands.Leave: leave,
    commands.Auth: auth,
    commands.Ping: ping,
}
SCOPES: Final[dict[type[commands.Command], Scope]] = {
    commands.Resume: Scope.READ,
    commands.Post: Scope.WRITE,
    commands.Edit: Scope.WRITE,
    commands.Delete: Scope.WRITE,
    commands.React: Scope.WRITE,
    commands.Read: Scope.WRITE,
    commands.Follow: Scope.WRITE,
    commands.Typing: Scope.WRITE,
    commands.Join: Scope.WRITE,
    commands.Leave: Scope.WRITE,
}
"""What a personal access token must be made for."""
BEFORE_RESUME: Final = (commands.Resume, commands.Auth, commands.Ping)


def _writer() -> writer.Writer:
    running = writer.running()
    if running is None:
        raise Unavailable("the server is going away", retry_after=1)
    return running


def wire_id(text: str, field: str) -> int:
    """A wire id as a database id. What cannot be one stands for nothing that exists."""
    number = parse_id(text)
    if number is None:
        raise NotFound(f"there is no such {field}", field=field)
    return number


def _uuid(text: str) -> uuid.UUID:
    """RFC 9562, section 4: 36 characters, in either case. Python's own reading takes more than that."""
    try:
        found = uuid.UUID(text)
        if str(found) == text.lower():
            return found
    except ValueError:
        pass
    raise BadRequest("id is a UUID that the client makes", field="id")

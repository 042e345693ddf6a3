"""The Channels consumer: admits a socket, decodes its frames, hands commands on, and cleans up."""

import json
import time
from typing import Any

import structlog
from channels.consumer import AsyncConsumer
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from chat.operations.credentials import Identity
from chat.protocol.closing import ABNORMAL, CloseCode
from chat.protocol.commands import BadFrame, Command
from chat.protocol.errors import BadRequest
from chat.protocol.limits import FLOOD_SPREAD_MS, FRAME_BYTES, PROTOCOL, RATE_SECONDS
from chat.realtime import answering, lifecycle
from chat.realtime.admission import Denied, admit
from chat.realtime.answering import COMMANDS_PER_10S
from chat.realtime.handlers import BEFORE_RESUME, HANDLERS
from chat.realtime.outlets import SendOutlet, outlet_of
from chat.realtime.places import Place, places
from chat.realtime.session import Session
from chat.streams import metrics, running
from chat.streams.hub import Hub
from chat.streams.rates import TokenBucket

logger = structlog.stdlib.get_logger(__name__)


class ChatConsumer(AsyncConsumer):
    """One a socket.

    Channels' own loop keeps a channel-layer channel for each consumer and hops to a thread at each dispatch; this one
    has neither. Broadcasts come from the hub, which is the member of the groups.
    """

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        await receive()  # websocket.connect
        try:
            with places.take() as place:
                identity, hub = await self._admit(place)
                await self._converse(identity, hub, receive)
        except Denied as denied:
            await self._deny(denied)

    async def _admit(self, place: Place) -> tuple[Identity, Hub]:
        if running.retiring():
            raise Denied(503, "unavailable", "the server is going away", retry_after=1)
        try:
            identity = await admit(self.scope)
            place.give_to(identity.user.pk)
            return identity, await running.hub()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("no handshake without the database", error=str(error))
            raise Denied(503, "unavailable", "the database is away", retry_after=1) from None

    async def _converse(self, identity: Identity, hub: Hub, receive: Any) -> None:
        subprotocol = PROTOCOL if PROTOCOL in self.scope.get("subprotocols", []) else None
        await self.base_send({"type": "websocket.accept", "subprotocol": subprotocol})
        metrics.connects.labels("101").inc()
        self.scope["headers"].clear()  # they have been read; of ten thousand who idle they are 50 MB
        outlet = outlet_of(self.scope, self.base_send)
        self.session = Session(identity, hub, outlet)
        self.flood = TokenBucket(COMMANDS_PER_10S, RATE_SECONDS)
        lifecycle.sessions.add(self.session)
        structlog.contextvars.bind_contextvars(connection=self.session.id, user=str(identity.user.pk))
        logger.info("socket open", client=self._client)
        begun, code, reason = time.monotonic(), ABNORMAL, ""
        try:
            await self.session.hello({"posts_per_10s": settings.POSTS_PER_10S})
            code, reason = await self._serve(receive)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("a socket ends without the database", error=str(error))
            self.session.end(CloseCode.INTERNAL)
        except Exception:
            metrics.uncaught.labels("socket").inc()
            logger.exception("a socket failed")
            self.session.end(CloseCode.INTERNAL)
        finally:
            self._note_end(code, reason, time.monotonic() - begun)
            lifecycle.sessions.discard(self.session)
            self.session.cleanup()
            if isinstance(outlet, SendOutlet):
                await outlet.stop()

    def _note_end(self, code: int, reason: str, seconds: float) -> None:
        """Who ended it: we, with a code of our own; the network, without a word; or the client."""
        ours = self.session.ended_with or (CloseCode.RESTART if code == CloseCode.RESTART else None)
        if ours:
            by, code, reason = "server", int(ours), ours.name.lower()
        else:
            by = "network" if code == ABNORMAL else "client"
        metrics.closed(code)
        logger.info("socket closed", by=by, code=code, reason=reason, seconds=round(seconds, 1))

    @property
    def _client(self) -> str:
        return str((self.scope.get("client") or ("",))[0])

    async def _serve(self, receive: Any) -> tuple[int, str]:
        """Handles frames until the end; returns its close code and reason."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return message.get("code", ABNORMAL), message.get("reason", "")
            if self.session.ended:
                continue
            text = message.get("text")
            if text is None:
                self.session.end(CloseCode.BAD_FRAME)
            elif len(text.encode("utf-8", "surrogatepass")) > FRAME_BYTES:
                self.session.end(CloseCode.TOO_BIG)
            else:
                await self._answer(text)

    async def _answer(self, text: str) -> None:
        """Handles one frame. Whatever goes wrong with it, the socket lives, unless it was no frame, or one too many."""
        session = self.session
        if not self.flood.take():
            session.end(CloseCode.FLOODING, FLOOD_SPREAD_MS)
            return
        try:
            answer = await answering.answer(text, self._handle)
            if answer is not None:
                session.send(answer)
        except BadFrame:
            session.end(CloseCode.BAD_FRAME)

    async def _handle(self, command: Command) -> str | None:
        if not self.session.resumed and not isinstance(command, BEFORE_RESUME):
            raise BadRequest("resume first", field="op")
        answering.check_scope(self.session.identity, command)
        return await HANDLERS[type(command)](self.session, command)

    async def _deny(self, denied: Denied) -> None:
        """Answers the handshake with a status of its own; a server that cannot do so gives 403."""
        metrics.connects.labels(str(denied.status)).inc()
        logger.info("socket denied", client=self._client, status=denied.status, code=denied.code, reason=denied.detail)
        if "websocket.http.response" not in self.scope.get("extensions", {}):
            await self.base_send({"type": "websocket.close"})
            return
        headers = [(b"content-type", b"application/json")]
        if denied.status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        if denied.retry_after is not None:
            headers.append((b"retry-after", b"%d" % denied.retry_after))
        body = json.dumps({"code": denied.code, "detail": denied.detail}).encode()
        await self.base_send({"type": "websocket.http.response.start", "status": denied.status, "headers": headers})
        await self.base_send({"type": "websocket.http.response.body", "body": body})

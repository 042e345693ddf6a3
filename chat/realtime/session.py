"""One socket, once it is open: which streams it hears, and when it ends."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final, cast

import msgspec
import structlog

from chat.operations import resuming
from chat.operations.credentials import Identity
from chat.operations.wire import user_data
from chat.protocol import events
from chat.protocol.closing import CloseCode
from chat.protocol.commands import Resume
from chat.protocol.errors import BadRequest
from chat.protocol.events import BYE_CODES, Bye, Hello, Ready, Reset
from chat.protocol.limits import (
    BODY_CHARACTERS,
    FRAME_BYTES,
    HEARTBEAT_SECONDS,
    RESTART_SPREAD_MS,
    RESUME_SECONDS,
    SLOW_BYTES,
)
from chat.realtime.outlets import Outlet
from chat.streams import metrics
from chat.streams.attaching import drained
from chat.streams.frames import text_frame
from chat.streams.gathering import Gatherer
from chat.streams.hub import Hub

logger = structlog.stdlib.get_logger(__name__)

RETRY_MS = (0, 1_000)
CATCHING_UP_BYTES = 4 * SLOW_BYTES
"""What may wait for a client while it catches up: portions of the replay, and what is live meanwhile."""

stands_of: Final = Gatherer(resuming.stands_of)


class Session:
    """A listener of the hub. `_streams` names what this socket hears now; nothing else reaches it."""

    __slots__ = (
        "_attaching",
        "_ended",
        "_ended_logins",
        "_expiry_timer",
        "_loop",
        "_outlet",
        "_present",
        "_put_out",
        "_resume_timer",
        "_rooms_changed",
        "_state",
        "_streams",
        "_tasks",
        "drained",
        "ended_with",
        "epoch",
        "hub",
        "id",
        "identity",
        "resumed",
        "typed_at",
        "write",
    )

    def __init__(self, identity: Identity, hub: Hub, outlet: Outlet) -> None:
        self.id = uuid.uuid4().hex
        self.identity = identity
        self.hub = hub
        self.resumed = False
        self.ended_with: CloseCode | None = None
        self.typed_at: dict[str, float] = {}
        self.write: Callable[[bytes], None] = self._write_bounded
        self.drained = outlet.drained
        self._outlet = outlet
        self._loop = asyncio.get_running_loop()
        self._streams: dict[str, object] = {}
        self._put_out: frozenset[str] = frozenset()
        self._rooms_changed = False
        self._ended_logins: frozenset[str] = frozenset()
        self._attaching = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = False
        self._state: metrics.State | None = None
        self._present = False
        self._resume_timer: asyncio.TimerHandle | None = self._loop.call_later(
            RESUME_SECONDS, self.end, CloseCode.NO_RESUME
        )
        self._expiry_timer = self._loop.call_later(self._seconds_left(), self.end, CloseCode.CREDENTIALS_EXPIRED)
        self._enter("open")
        outlet.on_slow(self._fell_behind)
        outlet.on_end(self.cleanup)

    @property
    def user_stream(self) -> str:
        return f"user:{self.identity.user.pk}"

    @property
    def ended(self) -> bool:
        return self._ended

    def hears(self, stream: str) -> bool:
        return stream in self._streams

    def send(self, text: str) -> None:
        self.write(text_frame(text))

    # The beginning ------------------------------------------------------------------------------

    async def hello(self, limits: dict[str, int]) -> None:
        self.epoch = await self.hub.epoch()
        frame = Hello(
            session=self.id,
            epoch=self.epoch,
            user=user_data(self.identity.user),
            heartbeat=HEARTBEAT_SECONDS,
            limits={"frame": FRAME_BYTES, "body": BODY_CHARACTERS, **limits},
        )
        self.send(events.encode(frame))

    async def resume(self, command: Resume) -> None:
        """Attaches the socket to every stream that its person may read, replays what was missed, and says `ready`.

        The person's own stream comes first: what changes their rooms from then on is heard, so that the memberships
        read afterwards are never older than what is known. They carry each room's head of the same moment; every
        event after it is sent, so that whoever counts on from `unread` counts right.
        """
        if self.resumed:
            raise BadRequest("this socket has resumed before", field="op")
        self.resumed = True
        self._enter("resuming")
        self._stop_resume_timer()
        await self._or_end(self._take_up(command))

    async def _take_up(self, command: Resume) -> None:
        if self.epoch != await self.hub.epoch():
            self.begin_again()
            return
        cursors = command.cursors
        known = command.epoch in (None, self.epoch)
        await self._attach(self.user_stream, cursors.get(self.user_stream), known)
        while True:
            self._rooms_changed = False
            stand = await stands_of((self.identity.user.pk, self.identity.login_id))
            if stand is None:
                self.end(CloseCode.ACCESS_REVOKED)
                return
            rooms = {f"room:{place.id}": place for place in stand.places}
            await self.hub.open((name, int(place.id)) for name, place in rooms.items())
            for name, place in rooms.items():
                await self._attach(name, cursors.get(name), known, start=place.seq)
            await drained(self)
            if not self._rooms_changed:  # also while catching up: then what was read is of yesterday
                break
        self._go_live()
        self._appear()
        self._enter("live")
        positions = {name: self.hub.position(name) for name in (self.user_stream, *rooms) if name in self._streams}
        ready = Ready(
            ref=command.ref,
            epoch=self.epoch,
            streams=positions,
            rooms=[place for name, place in rooms.items() if name in positions],
            online=cast(list[str], self.hub.presence.online()),  # encoded before, for a crowd
            notifications=stand.notifications,
        )
        self.send(events.encode(ready))
        if not self._ended:
            logger.info("socket ready", streams=len(positions), cursors=len(cursors), known=known)

    async def _attach(self, name: str, cursor: int | None, known: bool, start: int | None = None) -> None:
        async with self._attaching:
            if name in self._streams or name in self._put_out or self._ended:
                return
            token = self._streams[name] = object()
            await self.hub.open([(name, int(name.partition(":")[2]))])
            if cursor is not None and not known:
                cursor, reset = None, True
            else:
                reset = False
            number = await self.hub.attach(self, name, start if cursor is None else cursor)
            if self._streams.get(name) is not token or self._ended:
                # Put out, or closed, while it was catching up.
                self.hub.detach(self, name)
            elif number is not None or reset:
                self.send(events.encode(Reset(stream=name, seq=self.hub.position(name))))

    async def _or_end(self, work: Coroutine[Any, Any, None]) -> None:
        """A socket that cannot hear what it should is of no use: the client comes back, and resumes."""
        try:
            await work
        except TimeoutError:
            self.end(CloseCode.TOO_SLOW)
        except Exception as error:
            logger.warning("a socket ends, it could not be attached", error=repr(error))
            self.end(CloseCode.INTERNAL)

    def _write_bounded(self, buffer: bytes) -> None:
        """The way out while catching up: a replay waits for its reader, what is live meanwhile does not."""
        self._outlet.write(buffer)
        if self._outlet.buffered() > CATCHING_UP_BYTES:
            self._fell_behind()

    def _go_live(self) -> None:
        """Nothing stands between the hub and the transport any more."""
        if not self._ended:
            self._outlet.go_live()
            self.write = self._outlet.write
            self.hub.write_anew(self, self._streams)

    def _fell_behind(self) -> None:
        """Called from within a write of the hub, which goes over its listeners: none may leave before it has."""
        self._loop.call_soon(self.end, CloseCode.TOO_SLOW)

    def _detach(self, name: str) -> None:
        self._streams.pop(name, None)
        self.hub.detach(self, name)

    # What changes on the way --------------------------------------------------------------------

    def control(self, stream: str, type: str, text: str) -> None:
        """Lives through a live event of the person's own stream: it may change what this socket may see."""
        if type == "room.removed":
            self._rooms_changed = True
            name = f"room:{_data(text)['room']}"
            self._put_out |= {name}  # whatever still waits to attach it was asked for before
            self._detach(name)
        elif type == "room.added":
            self._rooms_changed = True
            room = _data(text)["room"]
            self._put_out -= {f"room:{room['id']}"}
            self._spawn(self._or_end(self._attach(f"room:{room['id']}", None, True, start=room["seq"])))
        elif type == "access.revoked":
            logins = _data(text)["logins"]
            self._ended_logins |= set(logins or ())
            if logins is None or str(self.identity.login_id) in logins:
                self.end(CloseCode.ACCESS_REVOKED)

    def begin_again(self) -> None:
        """The client comes back, and is told to load everything anew."""
        self.end(CloseCode.RESTART, RESTART_SPREAD_MS)

    def renew(self, identity: Identity) -> None:
        """Goes on with newer credentials of the same person; ends when their login has ended since they were read."""
        if str(identity.login_id) in self._ended_logins:
            self.end(CloseCode.ACCESS_REVOKED)
            return
        self.identity = identity
        self._expiry_timer.cancel()
        self._expiry_timer = self._loop.call_later(self._seconds_left(), self.end, CloseCode.CREDENTIALS_EXPIRED)

    def _seconds_left(self) -> float:
        return max(0.0, (self.identity.expires_at - datetime.now(UTC)).total_seconds())

    def _appear(self) -> None:
        if not self._ended and not self._present:
            self._present = True
            self.hub.presence.hearers[self] = self.write
            self.hub.presence.came(self.identity.user.pk)

    def _stop_resume_timer(self) -> None:
        if self._resume_timer is not None:
            self._resume_timer.cancel()
            self._resume_timer = None

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)

    def _enter(self, state: metrics.State | None) -> None:
        if self._ended:
            state = None
        if self._state is not None:
            metrics.sockets.labels(self._state).dec()
        self._state = state
        if state is not None:
            metrics.sockets.labels(state).inc()

    # The end ------------------------------------------------------------------------------------

    def say_bye(self, code: CloseCode, retry_ms: tuple[int, int] = RETRY_MS) -> None:
        self.send(events.encode(Bye(code=BYE_CODES[code], retry_ms=retry_ms)))

    def end(self, code: CloseCode, retry_ms: tuple[int, int] = RETRY_MS) -> None:
        """Closes the socket on purpose: from here on it hears and sends nothing."""
        if not self._ended:
            self.ended_with = code
            self.say_bye(code, retry_ms)
            self._outlet.close(code)
            self.cleanup()

    def cleanup(self) -> None:
        """Leaves the hub. However the socket ended, and more than once if need be."""
        self._ended = True
        self._enter(None)
        self.write = _nowhere
        self._stop_resume_timer()
        self._expiry_timer.cancel()
        for name in list(self._streams):
            self._detach(name)
        for task in list(self._tasks):
            task.cancel()
        if self._present:
            self._present = False
            self.hub.presence.hearers.pop(self, None)
            self.hub.presence.went(self.identity.user.pk)


def _nowhere(buffer: bytes) -> None:
    """After the end."""


def _data(text: str) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(text)["data"]
    return data

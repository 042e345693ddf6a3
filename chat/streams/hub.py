"""The hub: this process's one member of every group, and the way of an event to its sockets."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final

import structlog
from channels.layers import get_channel_layer

from chat.streams import database, log, metrics, publishing
from chat.streams.attaching import catch_up
from chat.streams.broadcasting import write_all
from chat.streams.delivering import deliver, deliver_at_once, deliver_later, repair
from chat.streams.feed import Feed, Listener
from chat.streams.frames import text_frame
from chat.streams.nodes import NODES_GROUP, Nodes
from chat.streams.presence import PRESENCE_GROUP, Presence

logger = structlog.stdlib.get_logger(__name__)

HEAD_CHECK_SECONDS: Final = 1.5
"""How often the log is asked what the channel layer has lost: within 2 s every node knows, the query included."""
LINGER_SECONDS: Final = 60.0
"""How long a stream without listeners stays known, so that those who come back are served from the ring."""
HINTS_WAITING: Final = 5_000


class Hub:
    """One a process, living in its event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        layer = get_channel_layer()
        assert layer is not None
        self._layer: Any = layer
        self._channel = ""
        self._unjoined: set[str] = set()
        self._feeds: dict[str, Feed] = {}
        self._outbox: deque[dict[str, Any]] = deque(maxlen=HINTS_WAITING)
        self._outbox_filled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._hearing: set[asyncio.Task[None]] = set()
        self._unopened: list[Feed] = []
        self._opening: asyncio.Task[None] | None = None
        self._epoch = ""
        self.presence = Presence(self.send)
        self.nodes = Nodes(self.send, self._listeners)

    async def start(self) -> None:
        self._channel = await self._new_channel()
        for work in (self._receive, self._send_outbox, self._keep_house, self.presence.run, self.nodes.run):
            self._tasks.append(self._loop.create_task(work(), name=f"hub {work.__name__}"))
        publishing.use(self)

    async def stop(self) -> None:
        publishing.use(None)
        with contextlib.suppress(Exception):
            await publishing.send(self.presence.farewell())
        tasks = [*self._tasks, *self._hearing, *([self._opening] if self._opening else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=publishing.SEND_SECONDS)

    async def epoch(self) -> str:
        """Names this life of the database; as of the last head check."""
        if not self._epoch:
            self._epoch = await database.read(log.epoch)
        return self._epoch

    # What goes out ------------------------------------------------------------------------------

    def post_from_thread(self, messages: Sequence[publishing.Hint]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._tell, messages)
        except RuntimeError:
            logger.info("hints found their event loop closed", hints=len(messages))

    def send(self, message: dict[str, Any]) -> None:
        """Sends a signal to the group of its `stream`, soon. It may be lost."""
        self._post((message,))

    def _tell(self, hints: Sequence[publishing.Hint]) -> None:
        """Events that this process has committed: its own sockets hear them now, those of the others by their groups.

        What comes back from the group is known by its number, and dropped; unless it had to wait, for a crowd or for
        what another process has committed before it and has not told yet.
        """
        comes_back = publishing.reaches_others()
        for hint in hints:
            feed = self._feeds.get(hint["stream"])
            if feed is None or not feed.opened.done():
                continue
            if not deliver_at_once(feed, hint["first"], hint["types"], hint["texts"]) and not comes_back:
                task = self._loop.create_task(self._handle(hint))  # they take turns in the order in which they began
                self._hearing.add(task)
                task.add_done_callback(self._hearing.discard)
        if comes_back:
            self._post(hints)

    def _post(self, messages: Sequence[dict[str, Any]]) -> None:
        metrics.hints_lost.inc(max(0, len(self._outbox) + len(messages) - HINTS_WAITING))
        self._outbox.extend(messages)
        metrics.hints_waiting.set(len(self._outbox))
        self._outbox_filled.set()

    async def _send_outbox(self) -> None:
        while True:
            await self._outbox_filled.wait()
            self._outbox_filled.clear()
            while self._outbox:
                message = self._outbox.popleft()
                metrics.hints_waiting.set(len(self._outbox))
                try:
                    await publishing.send(message)
                except Exception as error:
                    metrics.hints_lost.inc()
                    metrics.channel_layer_errors.inc()
                    logger.warning("the channel layer lost a hint", stream=message["stream"], error=repr(error))

    # What comes in ------------------------------------------------------------------------------

    async def _receive(self) -> None:
        while True:
            try:
                await self._handle(await self._layer.receive(self._channel))
            except Exception:
                metrics.channel_layer_errors.inc()
                logger.exception("the channel layer failed to receive; the log has what it loses")
                await asyncio.sleep(1)

    async def _handle(self, message: dict[str, Any]) -> None:
        if message["type"] == "presence":
            self.presence.heard(message)
            return
        if message["type"] == "node":
            self.nodes.heard(message)
            return
        feed = self._feeds.get(message["stream"])
        if feed is None or not feed.opened.done():
            return
        if message["type"] == "stream.signal":
            await write_all(feed.listeners, text_frame(message["text"]))
        elif not await deliver(feed, message["first"], message["types"], message["texts"]):
            deliver_later(feed, message["first"], message["types"], message["texts"])

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(HEAD_CHECK_SECONDS)
            try:
                self.presence.beat()  # first: without the database people are here all the same
                await self._check_epoch()
                await self._check_heads()
                await self._close_idle()
            except Exception as error:
                logger.warning("the head check failed, it comes again", error=repr(error))

    async def _check_epoch(self) -> None:
        """After a backup was restored the numbers known here are those of other events."""
        before, self._epoch = self._epoch, await database.read(log.epoch)
        if before and before != self._epoch:
            logger.warning("the database has begun another life", epoch=self._epoch)
            listeners = {listener for feed in self._feeds.values() for listener in feed.listeners}
            self._feeds.clear()
            for listener in listeners:
                listener.begin_again()

    async def _check_heads(self) -> None:
        feeds = {feed.id: feed for feed in self._feeds.values() if feed.opened.done()}
        if feeds:
            for stream_id, head in (await database.read(log.heads, list(feeds))).items():
                if head > feeds[stream_id].position:
                    repair(feeds[stream_id], "head")
        for feed in feeds.values():
            if not feed.joined:
                await self._join(feed)
        await self._join_own()

    async def _close_idle(self) -> None:
        now = self._loop.time()
        for feed in list(self._feeds.values()):
            if feed.idle_since is not None and now - feed.idle_since > LINGER_SECONDS and not feed.listeners:
                del self._feeds[feed.name]
                async with asyncio.timeout(publishing.SEND_SECONDS):
                    await self._layer.group_discard(publishing.group_of(feed.name), self._channel)

    # Listeners ----------------------------------------------------------------------------------

    async def open(self, names: Iterable[tuple[str, int]]) -> None:
        """Makes streams, given as (name, id), known here: first the group is joined, then the position read.

        So nothing falls between: what commits after the reading of the head is heard, or found missing.
        """
        waits = []
        for name, stream_id in names:
            feed = self._feeds.get(name)
            if feed is None:
                feed = self._feeds[name] = Feed(name, stream_id)
                feed.idle_since = self._loop.time()
                self._unopened.append(feed)
            if not feed.opened.done():
                waits.append(feed.opened)
        if self._unopened and (self._opening is None or self._opening.done()):
            # A task of its own: whoever asked first may go away, and others wait for the same.
            self._opening = self._loop.create_task(self._open_new())
        for opened in waits:
            await asyncio.shield(opened)

    async def _open_new(self) -> None:
        """Opens the new feeds, those together that came while the last were opened, or gives them up."""
        while self._unopened:
            feeds, self._unopened = self._unopened, []
            try:
                for feed in feeds:
                    await self._join(feed)
                heads = await database.read(log.heads, [feed.id for feed in feeds])
            except BaseException as error:
                failure = error if isinstance(error, Exception) else ConnectionError("the hub has stopped")
                if failure is not error:
                    feeds += self._unopened
                for feed in feeds:
                    self._feeds.pop(feed.name, None)
                    feed.opened.set_exception(failure)
                    feed.opened.exception()
                if failure is not error:
                    raise
            else:
                for feed in feeds:
                    feed.position = heads.get(feed.id, 0)
                    feed.opened.set_result(None)

    async def _join(self, feed: Feed) -> None:
        """Joins the stream's group. Without the channel layer the head check alone brings events, until it is back."""
        feed.joined = await self._join_group(publishing.group_of(feed.name))

    async def _join_own(self) -> None:
        """Joins the groups of no stream, where nodes tell each other who and what they have."""
        for group in list(self._unjoined):
            if await self._join_group(group):
                self._unjoined.discard(group)

    async def _join_group(self, group: str) -> bool:
        try:
            async with asyncio.timeout(publishing.SEND_SECONDS):
                await self._layer.group_add(group, self._channel)
        except Exception as error:
            metrics.channel_layer_errors.inc()
            logger.warning("the channel layer is away, a group not joined", group=group, error=repr(error))
            return False
        return True

    async def _new_channel(self) -> str:
        while True:
            try:
                channel: str = await self._layer.new_channel("hub.")
            except Exception as error:
                metrics.channel_layer_errors.inc()
                logger.warning("the channel layer is away", error=repr(error))
                await asyncio.sleep(1)
            else:
                self._channel = channel
                self._unjoined = {PRESENCE_GROUP, NODES_GROUP}
                await self._join_own()
                return channel

    async def attach(self, listener: Listener, name: str, cursor: int | None) -> int | None:
        """Makes `listener` hear an open stream: first what lies after `cursor`, then live, without hole or repeat.

        Returns None, or the number to go on from when the cursor cannot be served (pruned, or ahead of the log); the
        listener then hears what comes after that number. Without a cursor it hears what comes from now on.
        """
        feed = self._feeds[name]
        feed.idle_since = None
        feed.attaching += 1
        try:
            return await catch_up(listener, feed, cursor)
        finally:
            feed.attaching -= 1
            self._note_idle(feed)

    def write_anew(self, listener: Listener, names: Iterable[str]) -> None:
        """Goes by the `write` that a listener of these streams has now."""
        for name in names:
            feed = self._feeds.get(name)
            if feed is not None and listener in feed.listeners:
                feed.listeners[listener] = listener.write

    def detach(self, listener: Listener, name: str) -> None:
        feed = self._feeds.get(name)
        if feed is not None:
            feed.listeners.pop(listener, None)
            self._note_idle(feed)

    def _note_idle(self, feed: Feed) -> None:
        if not feed.listeners and not feed.attaching:
            feed.idle_since = self._loop.time()

    def _listeners(self, name: str) -> int:
        feed = self._feeds.get(name)
        return len(feed.listeners) if feed is not None else 0

    def position(self, name: str) -> int:
        """The number of the last event of an open stream that was delivered here."""
        return self._feeds[name].position

"""The writer: one thread that commits what arrives, many drafts in one transaction (group commit).

While one transaction runs, the drafts that arrive wait together and become the next. Nothing waits when idle. What
meets a row that somebody else holds for long is put off and tried again beside the others: no room stops another.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from chat.protocol.errors import Unavailable
from chat.streams import metrics
from chat.streams.committing import Commit, PutOff, each, hurry_no_more, one, outcomes_of, refusal
from chat.streams.database import release_connection

logger = structlog.stdlib.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Tell = Callable[[Any], None]
"""Takes the outcome of a draft: what its commit gave, or the exception that failed it. Must not raise."""

MAX_WAITING: Final = 20_000
CALL_SECONDS: Final = 30.0
IDLE_SECONDS: Final = 1.0
"""So long without a draft, and the thread gives its connection back."""
AGAIN_SECONDS: Final = (0.05, 1.0)
"""After how long what was put off is tried again: at first, and at most."""
PUT_OFF_SECONDS: Final = 10.0
"""After which it is refused. Its client keeps it, and sends it again."""


class Writer:
    """Runs in its own thread, from `start` until `drain`. One transaction holds at most WRITER_BATCH drafts."""

    def __init__(self) -> None:
        self._max_batch: int = settings.WRITER_BATCH
        self._waiting: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._draining = False
        self._put_off: dict[Any, _Waiting] = {}

    def start(self) -> None:
        self._thread.start()

    def drain(self, seconds: float) -> bool:
        """Takes no more, finishes what waits; True when that was done within `seconds`."""
        self._draining = True
        self._waiting.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def is_current_thread(self) -> bool:
        return threading.current_thread() is self._thread

    async def submit(self, commit: Commit, draft: Any) -> Any:
        """The outcome of `draft` once it is committed; raises what failed it. Cancelling does not take it back."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.enqueue(commit, draft, partial(_settle, future))
        return await future

    def enqueue(self, commit: Commit, draft: Any, tell: Tell) -> None:
        """Like `submit` without waiting: `tell` is called in this event loop. The order of calls is that in the log."""
        self._put(_Item(commit, draft, tell, asyncio.get_running_loop()))

    def call(self, commit: Commit, draft: Any) -> Any:
        """`submit` for other threads."""
        future: Future[Any] = Future()
        self._put(_Item(commit, draft, partial(_settle, future), None))
        try:
            return future.result(CALL_SECONDS)
        except TimeoutError:
            raise Unavailable("the database is slow", retry_after=5) from None

    def forget(self, commit: Commit, draft: Any) -> None:
        """`call` without waiting. Raises Unavailable."""
        self._put(_Item(commit, draft, lambda _: None, None))

    def _put(self, item: "_Item") -> None:
        if self._draining:
            raise Unavailable("the server is going away", retry_after=1)
        if self._waiting.qsize() + self._held > MAX_WAITING:
            raise Unavailable("too much is waiting to be stored", retry_after=5)
        self._waiting.put(item)

    @property
    def _held(self) -> int:
        """How many drafts are put off. From any thread."""
        return sum(len(waiting.items) for waiting in list(self._put_off.values()))

    def _run(self) -> None:
        while self._next_batch():
            pass
        while self._put_off:
            self._try_again()
            time.sleep(AGAIN_SECONDS[0])
        try:
            hurry_no_more()
        except Exception:
            logger.exception("a connection could not be given back as it was")
        finally:
            connections[DEFAULT_DB_ALIAS].close()

    def _next_batch(self) -> bool:
        """Commits what waits, at most WRITER_BATCH drafts; False when it met the end."""
        item = self._first()
        lanes: dict[Commit, list[_Item]] = {}
        taken = 0
        while item is not None:
            waiting = None if item.lane is None else self._put_off.get(item.lane)
            if waiting is not None:
                waiting.items.append(item)  # behind what came before it
            else:
                lanes.setdefault(item.commit, []).append(item)
            taken += 1
            if taken == self._max_batch:
                break
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
        # Posts come first: a client that posts and then leaves, without waiting, meant it in that order.
        for commit in sorted(lanes, key=lambda commit: commit is each):
            for put_off, again in self._commit(commit, lanes[commit]):
                lane = put_off if put_off.lane is None else put_off.lane
                self._put_off.setdefault(lane, _Waiting(again)).items.append(put_off)
        self._try_again()
        return item is not None

    def _first(self) -> "_Item | None":
        """What waits longest, or comes next.

        A pool tries a connection before it gives it, which makes a journey more: it has ours back only when nothing
        has come for a while.
        """
        while True:
            try:
                return self._waiting.get(timeout=AGAIN_SECONDS[0] if self._put_off else IDLE_SECONDS)
            except queue.Empty:
                if not self._put_off:
                    break
                self._try_again()
        try:
            try:
                hurry_no_more()
            finally:
                release_connection()
        except Exception:
            logger.exception("a connection could not be given back")
        return self._waiting.get()

    def _try_again(self) -> None:
        """Tries what was put off, each lane by itself and in its order."""
        for lane, waiting in list(self._put_off.items()):
            now = time.monotonic()
            if now < waiting.due:
                continue
            late = [item for item in waiting.items if now - item.came > PUT_OFF_SECONDS]
            items = [item for item in waiting.items if now - item.came <= PUT_OFF_SECONDS]
            _tell(late, [PutOff(waiting.again)] * len(late))
            held = [item for item, _ in self._commit(waiting.again, items[: self._max_batch])]
            waiting.items = held + items[self._max_batch :]
            waiting.pause = min(2 * waiting.pause, AGAIN_SECONDS[1]) if held else AGAIN_SECONDS[0]
            waiting.due = time.monotonic() + (waiting.pause if held else 0.0)
            if not waiting.items:
                del self._put_off[lane]

    def _commit(self, commit: Commit, items: "list[_Item]") -> "list[tuple[_Item, Commit]]":
        """Commits, and tells the outcomes. Gives those that are put off, each with how to try it again."""
        if not items:
            return []
        try:
            metrics.batch_drafts.observe(len(items))
            metrics.waiting_drafts.set(self._waiting.qsize() + self._held)
            with metrics.commit_seconds.time():
                outcomes = outcomes_of(commit, [item.draft for item in items])
            pairs = list(zip(items, outcomes, strict=True))
            done = [(item, outcome) for item, outcome in pairs if not isinstance(outcome, PutOff)]
            _tell([item for item, _ in done], [outcome for _, outcome in done])
            return [(item, outcome.again) for item, outcome in pairs if isinstance(outcome, PutOff)]
        except Exception as error:  # not of a draft, but of looking after the connection: this thread must live
            logger.exception("a batch failed")
            _tell(items, [refusal(error)] * len(items))
            return []


class _Waiting:
    """What was put off together, in the order in which it came."""

    def __init__(self, again: Commit) -> None:
        self.again = again
        self.items: list[_Item] = []
        self.pause = AGAIN_SECONDS[0]
        self.due = time.monotonic() + self.pause


class _Item:
    """A draft on its way. `tell` is called in `loop`, or in the writer's thread when that is None.

    What is put off keeps up those of its `lane` that come later: the stream of a draft that names one.
    """

    __slots__ = ("came", "commit", "draft", "lane", "loop", "tell")

    def __init__(self, commit: Commit, draft: Any, tell: Tell, loop: asyncio.AbstractEventLoop | None) -> None:
        self.commit = commit
        self.draft = draft
        self.tell = tell
        self.loop = loop
        self.lane: int | None = getattr(draft, "stream_id", None)
        self.came = time.monotonic()


def _tell(items: Sequence[_Item], outcomes: Sequence[Any]) -> None:
    """Tells all of them, each event loop once."""
    told: dict[asyncio.AbstractEventLoop, list[tuple[Tell, Any]]] = {}
    for item, outcome in zip(items, outcomes, strict=True):
        if item.loop is None:
            item.tell(outcome)
        else:
            told.setdefault(item.loop, []).append((item.tell, outcome))
    for loop, pairs in told.items():
        try:
            loop.call_soon_threadsafe(_tell_all, pairs)
        except RuntimeError:
            logger.info("outcomes found their event loop closed", outcomes=len(pairs))


def _tell_all(pairs: Sequence[tuple[Tell, Any]]) -> None:
    for tell, outcome in pairs:
        try:
            tell(outcome)
        except Exception:  # the others must not miss theirs
            logger.exception("an outcome could not be told")


def _settle(future: "Future[Any] | asyncio.Future[Any]", outcome: Any) -> None:
    if future.done():  # whoever waited has gone
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


_writer: Writer | None = None


def use(writer: Writer | None) -> None:
    """Makes `writer` the one of this process, or none."""
    global _writer
    _writer = writer


def running() -> Writer | None:
    return _writer


def commit(commit: Commit, draft: Any) -> Any:
    """Commits one draft: in the writer thread where a writer runs, else here and now.

    Within a transaction it is done here too: on SQLite the writer would wait for this thread and this for the writer.
    """
    writer = _writer
    if writer is None or writer.is_current_thread or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        (outcome,) = commit([draft])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
    return writer.call(commit, draft)


def perform(operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs one operation the way `commit` commits one draft."""
    result: T = commit(one if _writer is None else each, partial(operation, *args, **kwargs))
    return result


def later(operation: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
    """Like `perform`, and nobody waits for it, nor learns whether it was done."""
    call = partial(operation, *args, **kwargs)
    if _writer is None:
        call()
        return
    with contextlib.suppress(Unavailable):
        _writer.forget(each, call)


async def perform_async(operation: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`perform` from the event loop of a server."""
    writer = _writer
    if writer is None:
        raise Unavailable("the server is going away", retry_after=1)
    result: T = await writer.submit(each, partial(operation, *args, **kwargs))
    return result

"""What one process knows of one stream: how far it has come, its last events, and who listens."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from chat.streams.frames import text_frame

RING_EVENTS: Final = 512
RING_BYTES: Final = 512 * 1024
EARLY_BATCHES: Final = 64
"""How many that came before their turn are kept, until what lies before them has come."""
WRITE_BYTES: Final = 256 * 1024
"""About how much is written at once: with more, who reads well would look slow (`SLOW_BYTES`)."""


Batch = tuple[int, Sequence[str], Sequence[str]]
"""The number of the first of some events in a row, their types, their texts."""


class Listener(Protocol):
    """A socket, as the hub sees it."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Takes finished frames, at once and without waiting. Neither raises nor attaches or detaches anybody."""

    async def drained(self) -> None:
        """Returns when what was written has mostly left."""

    def control(self, stream: str, type: str, text: str) -> None:
        """Told of each live event of a person's own stream: it may change what the socket may see."""

    def begin_again(self) -> None:
        """The database has begun another life: what was heard so far counts no more, and nothing more comes."""


class Feed:
    """One stream in one process.

    `position` is the number of the last event delivered here; the ring holds the frames of some events up to it,
    without gaps. Who holds `delivering` is the only one to move the position, and to begin or end a delivery.
    """

    __slots__ = (
        "_bytes",
        "_early",
        "_ring",
        "attaching",
        "delivering",
        "id",
        "idle_since",
        "joined",
        "listeners",
        "name",
        "opened",
        "position",
        "repairing",
    )

    def __init__(self, name: str, stream_id: int) -> None:
        self.name = name
        self.id = stream_id
        self.position = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.delivering = asyncio.Lock()
        self.joined = False
        self.repairing: asyncio.Task[None] | None = None
        self.listeners: dict[Listener, Callable[[bytes], None]] = {}
        self.attaching = 0
        self.idle_since: float | None = None
        self._ring: deque[bytes] = deque()
        self._bytes = 0
        self._early: dict[int, Batch] = {}

    def take(self, first: int, types: Sequence[str], texts: Sequence[str]) -> bytes | None:
        """Goes on by events `first`, `first + 1`, … in order, and gives the frames of the new ones as one buffer.

        None when there is a gap before them: nothing has changed.
        """
        if first > self.position + 1:
            return None
        known = self.position + 1 - first
        if known >= len(texts):
            return b""
        frames = [text_frame(text) for text in texts[known:]]
        self.position += len(frames)
        if "message.deleted" in types:
            # The log has dropped the words; so does the ring, where they may stand in any frame.
            self._forget()
        else:
            self._remember(frames)
        return b"".join(frames)

    def keep(self, first: int, types: Sequence[str], texts: Sequence[str]) -> None:
        """Keeps events that came before those that lie before them; too many are left to the log."""
        if len(self._early) < EARLY_BATCHES:
            self._early[first] = (first, types, texts)

    def due(self) -> "Batch | None":
        """One of those kept whose turn has come."""
        first = min(self._early, default=self.position + 2)
        return self._early.pop(first) if first <= self.position + 1 else None

    @property
    def waits(self) -> bool:
        """Whether events are kept for which others have not come."""
        return bool(self._early)

    def after(self, seq: int) -> bytes | None:
        """The frames of all events after `seq`, or None when the ring does not reach back so far."""
        missed = self.position - seq
        if missed > len(self._ring):
            return None
        return b"".join(list(self._ring)[len(self._ring) - missed :])

    def control(self, types: Sequence[str], texts: Sequence[str]) -> None:
        """Tells the listeners of a person's own stream, who have these events, what they are."""
        if self.name.startswith("user:"):
            for listener in list(self.listeners):
                for type_, text in zip(types, texts, strict=True):
                    listener.control(self.name, type_, text)

    def skip_to(self, position: int) -> None:
        """Goes on behind events that nobody has any more."""
        self.position = position
        self._forget()

    def _forget(self) -> None:
        self._ring.clear()
        self._bytes = 0

    def _remember(self, frames: list[bytes]) -> None:
        self._ring.extend(frames)
        self._bytes += sum(map(len, frames))
        while len(self._ring) > RING_EVENTS or self._bytes > RING_BYTES:
            self._bytes -= len(self._ring.popleft())


def portions(texts: Sequence[str]) -> Iterator[slice]:
    """Cuts a list of texts into slices of about WRITE_BYTES, at least one text each."""
    start = size = 0
    for end, text in enumerate(texts):
        if size and size + len(text) > WRITE_BYTES:
            yield slice(start, end)
            start, size = end, 0
        size += len(text)
    if texts:
        yield slice(start, len(texts))

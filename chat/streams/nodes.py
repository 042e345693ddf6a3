"""What the nodes of an installation are doing, for `/admin/live/`: each tells every other second, and hears the others.

Nothing here is stored; what is lost is told again.
"""

import asyncio
import os
import socket
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from prometheus_client.metrics import MetricWrapperBase

from chat.streams import metrics

NODES_GROUP: Final = "nodes"
BEAT_SECONDS: Final = 2.0
SILENT_SECONDS: Final = 10.0
"""After which a node that says nothing is no longer shown."""
SAMPLES: Final = 150
"""How many beats are kept of each node: five minutes."""
BUSIEST: Final = 20
LATE_SECONDS: Final = 0.02
_FADE: Final = 0.9
"""What a beat leaves of the rate before it: a room's rate is that of about the last 20 s."""
_FORGET_PER_MINUTE: Final = 0.5


class Room(msgspec.Struct):
    """A stream with the events that one node delivered of it, lately."""

    stream: str
    listeners: int
    per_minute: float


class Status(msgspec.Struct):
    """What a node tells: totals since its start, and how things stand."""

    node: str
    name: str
    started_at: float
    seconds: float
    """The node's own clock, which only goes forward: rates are by it."""
    sockets: dict[str, int]
    posts: float
    deliveries: float
    probes: float
    late_probes: float
    rooms: list[Room]


class Sample(msgspec.Struct, frozen=True):
    """One beat. Rates are those since the beat before; `late`: the share of looks at the loop that found it late."""

    at: float
    sockets: int
    posts_per_s: float
    deliveries_per_s: float
    late: float


class Node:
    """One node, as this one knows it."""

    def __init__(self, status: Status) -> None:
        self.status = status
        self.heard_at = time.monotonic()
        self.samples: deque[Sample] = deque(maxlen=SAMPLES)

    def hear(self, status: Status) -> None:
        before, self.status = self.status, status
        self.heard_at = time.monotonic()
        seconds = status.seconds - before.seconds
        if seconds <= 0:
            return
        probes = status.probes - before.probes
        self.samples.append(
            Sample(
                at=time.time(),
                sockets=sum(status.sockets.values()),
                posts_per_s=(status.posts - before.posts) / seconds,
                deliveries_per_s=(status.deliveries - before.deliveries) / seconds,
                late=(status.late_probes - before.late_probes) / probes if probes > 0 else 0.0,
            )
        )


class Nodes:
    """`listeners` tells how many listen to each stream here."""

    def __init__(self, send: Callable[[dict[str, Any]], None], listeners: Callable[[str], int]) -> None:
        self._send = send
        self._listeners = listeners
        self._id = uuid.uuid4().hex
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._started_at = time.time()
        self._rates: dict[str, float] = {}
        self._nodes: dict[str, Node] = {}

    def known(self) -> list[Node]:
        """The nodes that live, by name. May be called from any thread."""
        now = time.monotonic()
        nodes = [node for node in list(self._nodes.values()) if now - node.heard_at <= SILENT_SECONDS]
        return sorted(nodes, key=lambda node: node.status.name)

    async def run(self) -> None:
        while True:
            self.beat()
            await asyncio.sleep(BEAT_SECONDS)

    def beat(self) -> None:
        """Tells what this node is doing, and forgets those who told nothing."""
        status = self._status()
        self._hear(status)
        self._send({"type": "node", "stream": NODES_GROUP, "status": msgspec.to_builtins(status)})
        now = time.monotonic()
        for node in [node for node, last in self._nodes.items() if now - last.heard_at > SILENT_SECONDS]:
            del self._nodes[node]

    def heard(self, message: dict[str, Any]) -> None:
        """What a node tells of itself. Our own comes back, and is known."""
        status = msgspec.convert(message["status"], Status)
        if status.node != self._id:
            self._hear(status)

    def _hear(self, status: Status) -> None:
        node = self._nodes.get(status.node)
        if node is None:
            self._nodes[status.node] = Node(status)
        else:
            node.hear(status)

    def _status(self) -> Status:
        self._fade()
        lag = _samples(metrics.loop_lag)
        probes = lag.get(("_count", ""), 0.0)
        return Status(
            node=self._id,
            name=self._name,
            started_at=self._started_at,
            seconds=time.monotonic(),
            sockets={state: int(number) for (_, state), number in _samples(metrics.sockets).items()},
            posts=_samples(metrics.posts).get(("_total", "stored"), 0.0),
            deliveries=_samples(metrics.deliveries).get(("_total", ""), 0.0),
            probes=probes,
            late_probes=probes - lag.get(("_bucket", str(LATE_SECONDS)), 0.0),
            rooms=[
                Room(stream=stream, listeners=self._listeners(stream), per_minute=round(rate, 1))
                for stream, rate in sorted(self._rates.items(), key=lambda pair: -pair[1])[:BUSIEST]
            ],
        )

    def _fade(self) -> None:
        for stream in self._rates:
            self._rates[stream] *= _FADE
        for stream, number in metrics.moved.items():
            if stream.startswith("room:"):
                per_minute = number / BEAT_SECONDS * 60
                self._rates[stream] = self._rates.get(stream, 0.0) + (1 - _FADE) * per_minute
        metrics.moved.clear()
        self._rates = {stream: rate for stream, rate in self._rates.items() if rate > _FORGET_PER_MINUTE}


def _samples(metric: MetricWrapperBase) -> dict[tuple[str, str], float]:
    """(suffix of the name, label) → value, of a metric with at most one label."""
    (family,) = metric.collect()
    return {
        (sample.name.removeprefix(family.name), next(iter(sample.labels.values()), "")): sample.value
        for sample in family.samples
    }


def together(nodes: Iterable[Node]) -> list[Room]:
    """The rooms of all nodes, the busiest first: everybody who listens, and the rate of the node that hears most."""
    rooms: dict[str, Room] = {}
    for node in nodes:
        for room in node.status.rooms:
            known = rooms.setdefault(room.stream, Room(stream=room.stream, listeners=0, per_minute=0.0))
            known.listeners += room.listeners
            known.per_minute = max(known.per_minute, room.per_minute)
    return sorted(rooms.values(), key=lambda room: -room.per_minute)[:BUSIEST]

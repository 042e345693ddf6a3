"""What the load generator answers. Times are in the units that their names end in."""

from __future__ import annotations

import msgspec


class Cpu(msgspec.Struct, frozen=True):
    """Seconds of CPU time."""

    user: float
    system: float

    @property
    def total(self) -> float:
        return self.user + self.system


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all. `cpu` is the generator's own during the command."""

    cpu: Cpu


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds; None where nothing was measured. A percentile is at most 0.8 % off."""

    p50: float | None
    p99: float | None
    max: float | None


class Targeted(Answer, frozen=True):
    """`clients`: how many there can be."""

    clients: int


class Connected(Answer, frozen=True):
    """From connect() to ready. The rest counts what lies between `hello` and `ready`: events `replayed`, and of the
    streams that the clients knew: `resets`, `missing` numbers, `duplicates`, and gaps (`out_of_order`)."""

    ready: int
    failed: int
    failures: dict[str, int]
    seconds: float
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None
    replayed: int
    resets: int
    missing: int
    duplicates: int
    out_of_order: int


class Posted(Answer, frozen=True):
    """`closed`: connections lost meanwhile, by close code; what was under way to them is not `expected`.

    `seconds`: from the first send to the last answer or delivery. `last_ms`: from a post to its last delivery
    (`wait="all"`). `frame_bytes`: mean size of the frame of a delivery, with header.
    """

    posts: int
    oks: int
    errors: dict[str, int]
    closed: dict[str, int]
    deliveries: int
    expected: int
    missing: int
    duplicates: int
    out_of_order: int
    seconds: float
    ok_ms: Latency
    delivery_ms: Latency
    last_ms: Latency
    frame_bytes: float
    timed_out: bool

    @property
    def complete(self) -> bool:
        """Every post was accepted and reached everybody, once and in order."""
        wrong = self.missing + self.duplicates + self.out_of_order
        return not (wrong or self.errors or self.timed_out)


class Changed(Answer, frozen=True):
    """How many clients now read, or no longer do."""

    changed: int


class Dropped(Answer, frozen=True):
    dropped: int


class Closed(Answer, frozen=True):
    """How the last connection of each ended, by close code; 1006 is an end without one."""

    closed: dict[str, int]
    open: int


class Idled(Answer, frozen=True):
    pass


class Stats(Answer, frozen=True):
    """Since the generator started, but for `cpu_since_stats`. `closed`: ends that the server caused."""

    open: int
    closed: dict[str, int]
    duplicates: int
    out_of_order: int
    cpu_since_start: Cpu
    cpu_since_stats: Cpu

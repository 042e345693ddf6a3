"""What processes and all that they started have used, from proc(5)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of processor time."""

    user: float
    system: float

    @property
    def total(self) -> float:
        return self.user + self.system

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.user - other.user, self.system - other.system)


class _Stat(NamedTuple):
    """`user` and `system` are ticks, those of children that have died included."""

    parent: int
    user: int
    system: int


def cpu(roots: Iterable[int]) -> Cpu:
    """What these processes and their descendants have used so far, dead ones included."""
    family = _family(roots).values()
    return Cpu(sum(stat.user for stat in family) / _TICKS, sum(stat.system for stat in family) / _TICKS)


def memory(roots: Iterable[int]) -> int:
    """Bytes that these processes and their descendants hold now; what they share counts once."""
    return sum(map(_memory, _family(roots)))


def parent_of(pid: int) -> int:
    """Raises FileNotFoundError when there is no such process."""
    return _stat(pid).parent


def _family(roots: Iterable[int]) -> dict[int, _Stat]:
    """Read until two readings find the same processes.

    Whoever dies while the others are read would count neither alive nor, in their parent's numbers, dead.
    """
    roots = list(roots)
    before: set[int] | None = None
    while True:
        family = _descendants(roots, _everybody())
        if family.keys() == before:
            return family
        before = set(family)


def _descendants(roots: list[int], stats: dict[int, _Stat]) -> dict[int, _Stat]:
    children: dict[int, list[int]] = {}
    for pid, stat in stats.items():
        children.setdefault(stat.parent, []).append(pid)
    found: dict[int, _Stat] = {}
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in stats:
            raise RuntimeError(f"process {pid} of a server under test is gone")
        found[pid] = stats[pid]
        waiting.extend(children.get(pid, ()))
    return found


def _everybody() -> dict[int, _Stat]:
    stats = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stats[int(name)] = _stat(int(name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just died
    return stats


def _stat(pid: int) -> _Stat:
    # The second field, the program's name in parentheses, may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    user, system, dead_user, dead_system = map(int, fields[11:15])
    return _Stat(int(fields[1]), user + dead_user, system + dead_system)


def _memory(pid: int) -> int:
    """The proportional set size; the resident one where the kernel does not tell it."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES

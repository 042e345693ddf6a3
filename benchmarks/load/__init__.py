"""The load generator: a C program that plays thousands of clients, and the class that drives it."""

from benchmarks.load.answers import Changed, Closed, Connected, Cpu, Dropped, Idled, Latency, Posted, Stats
from benchmarks.load.build import CannotBuild
from benchmarks.load.driver import Load, LoadFailed

__all__ = [
    "CannotBuild",
    "Changed",
    "Closed",
    "Connected",
    "Cpu",
    "Dropped",
    "Idled",
    "Latency",
    "Load",
    "LoadFailed",
    "Posted",
    "Stats",
]

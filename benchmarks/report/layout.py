"""How the figures of a workload are shown: columns of its table, and its charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TITLES: Final = {
    "parley": "Parley",
    "limit": "C, one send() per socket",
    "nchan": "nginx + nchan",
    "ws": "Node ws",
    "socketio": "Socket.IO",
    "fastapi": "FastAPI",
    "tutorial": "Channels tutorial",
}


@dataclass(frozen=True)
class Column:
    """One value of the runs. With `ratio`, each row also says how many times Parley's (the first row's) it is."""

    key: str
    title: str
    digits: int = 1
    ratio: bool = False
    percent: bool = False


GENERATOR: Final = Column("generator_cpu_share", "generator CPU", 0, percent=True)
LOOP: Final = Column("loop_late_share", "event loop > 20 ms late", 2, percent=True)


@dataclass(frozen=True)
class Bars:
    """One bar a row."""

    file: str
    title: str
    key: str
    digits: int = 1


@dataclass(frozen=True)
class Line:
    """Parley's rows, whose variants are numbers, as a curve from zero."""

    file: str
    title: str
    key: str
    x_title: str


Chart = Bars | Line


def label(server: str, variant: str) -> str:
    """The name of a row: of Parley's variants what tells them apart, of others also whose it is."""
    title = TITLES.get(server, server)
    return variant if variant and server == "parley" else f"{title}: {variant}" if variant else title


def number(value: float | None, digits: int = 1) -> str:
    """`12,345`, `6.7`; `–` for what was not measured."""
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value * 100:.{digits}f} %"

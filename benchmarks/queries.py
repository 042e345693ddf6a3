"""Counts the database queries of a running server, in a file that can be read meanwhile."""

from __future__ import annotations

import mmap
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

NUMBER: Final = struct.Struct("<Q")


class QueryCount:
    """What goes through Django's cursors, BEGIN among it; an `executemany` is one query."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._number = mmap.mmap(file.fileno(), NUMBER.size)
        self._lock = threading.Lock()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        with self._lock:
            NUMBER.pack_into(self._number, 0, NUMBER.unpack_from(self._number)[0] + 1)
        return execute(sql, params, many, context)

    def install(self, connection: Any, **_: Any) -> None:
        """A receiver of `connection_created`, which also tells of connections that are opened again."""
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)


def create(path: Path) -> None:
    path.write_bytes(NUMBER.pack(0))


def read(path: Path) -> int:
    return int(NUMBER.unpack(path.read_bytes())[0])

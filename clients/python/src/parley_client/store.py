"""What a client must know to go on after its own restart."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from parley_client.errors import StoreError
from parley_client.locks import FileLock
from parley_client.outbox import Entry
from parley_client.positions import Cursors

VERSION = 1


@dataclass
class State:
    """Whose it is, how far the application has come, and what is not acknowledged yet."""

    url: str
    user: str | None = None
    cursors: Cursors = field(default_factory=Cursors)
    outbox: list[Entry] = field(default_factory=list)


class Store(Protocol):
    """Keeps a State. Both may block: they are called in a thread, one at a time."""

    def load(self) -> State | None:
        """What was saved last; None the first time. Raises StoreError."""

    def save(self, state: State) -> None: ...

    def close(self) -> None: ...


class FileStore:
    """A JSON file of mode 0600, replaced as a whole. One client at a time has it open."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._lock = FileLock(self._path.with_name(self._path.name + ".lock"))

    def load(self) -> State | None:
        if not self._lock.take():
            raise StoreError(f"{self._path} is in use by another client")
        try:
            return _state(json.loads(self._path.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self._path} holds no state of a client: {error!r}") from None

    def save(self, state: State) -> None:
        write_whole(self._path, json.dumps({"version": VERSION, **asdict(state)}, indent=1))

    def close(self) -> None:
        self._lock.release()


def _state(data: dict[str, Any]) -> State:
    if data["version"] != VERSION:
        raise ValueError(f"version {data['version']}")
    return State(
        url=data["url"],
        user=data["user"],
        cursors=Cursors(data["cursors"]["epoch"], dict(data["cursors"]["numbers"])),
        outbox=[Entry(**entry) for entry in data["outbox"]],
    )


def write_whole(path: Path, text: str) -> None:
    """Replaces the file at once, mode 0600: whoever reads it, at any time, finds the old text or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # 0600 from the start
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise

"""What an archive holds, in words that are no product's. Ids are those of the source."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import IO


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    username: str
    name: str = ""
    email: str = ""
    time_zone: str = ""
    is_bot: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Pinned:
    """`message` and `by` are ids."""

    message: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A room. `members` are in it at the end of its history, `present` of them from its beginning on."""

    id: str
    kind: str
    name: str
    created_at: datetime
    topic: str = ""
    creator: str = ""
    members: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    archived: bool = False
    pins: Sequence[Pinned] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    by: str
    at: datetime


class Unreadable(Exception):
    """A file of an archive that cannot be had; the message says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a message. `line` tells of it in Markdown where it cannot be attached.

    `unpacked` gives its bytes, or raises Unreadable; None where the archive has only told of it. `shown` is what
    reports call it.
    """

    name: str
    line: str
    shown: str = ""
    unpacked: Callable[[], AbstractContextManager[IO[bytes]]] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message in Markdown. `thread` is the id of the message in whose thread it stands; with `broadcast` it stands in
    the room, and answers that one. `begins`: others name it as theirs. `reactions` are names of emoji with who reacted,
    `uploads` those of its `files` that were taken in here.
    """

    id: str
    by: str
    at: datetime
    body: str
    thread: str | None = None
    begins: bool = False
    broadcast: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    reactions: Sequence[tuple[str, Sequence[str]]] = ()
    files: Sequence[Sent] = ()
    uploads: Sequence[uuid.UUID] = ()


Item = Said | Joined | Left

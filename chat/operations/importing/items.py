"""What an archive holds, in words that are no product's. Ids are those of the source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, slots=True)
class Joined:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A message in Markdown. `thread` is the id of the message in whose thread it stands; with `broadcast` it stands in
    the room, and answers that one. `begins`: others name it as theirs. `reactions` are names of emoji with who reacted.
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


Item = Said | Joined | Left

"""What a personal access token may be used for."""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    READ = "read"
    """See and hear what its owner may."""
    WRITE = "write"
    """Post, edit, delete, react; join and leave; how far one has read."""
    MANAGE = "manage"
    """Rooms, who is in them, people, bots, hooks, one's own profile."""


EVERYTHING: Final = frozenset(Scope)

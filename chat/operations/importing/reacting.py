"""Reactions of an archive: emoji by their names."""

from collections.abc import Iterator
from typing import Any

from chat.models import User
from chat.operations.importing.items import Said
from chat.operations.importing.people import People
from chat.operations.importing.tally import Tally
from chat.protocol import emoji
from chat.protocol.limits import REACTIONS


class Reactions:
    """Those to one message, in the archive's order: what may be stored, and in `extra` all else, by name."""

    def __init__(self, said: Said, people: People, tally: Tally) -> None:
        self._users: dict[str, list[User]] = {}
        self._others: dict[str, list[int]] = {}
        for name, ids in () if said.deleted else said.reactions:
            users = people.users(ids)
            found = emoji.named(name)
            if not users:
                continue
            if found is None:
                tally.strange[name] += len(users)
            elif found not in self._users and len(self._users) == REACTIONS:
                tally.crowded += len(users)
            else:
                tally.reactions += self._add(found, users)
                continue
            self._others.setdefault(name, []).extend(user.pk for user in users)

    def __iter__(self) -> Iterator[tuple[str, User]]:
        """Each as it would have come."""
        return ((found, user) for found, users in self._users.items() for user in users)

    @property
    def stored(self) -> list[tuple[str, list[int]]] | None:
        """As they stand in the message's row."""
        return [(found, [user.pk for user in users]) for found, users in self._users.items()] or None

    @property
    def extra(self) -> dict[str, Any] | None:
        """{"reactions": {name: user ids}}"""
        return {"reactions": self._others} if self._others else None

    def _add(self, found: str, users: list[User]) -> int:
        """How many are new: two names may stand for one emoji."""
        reacted = self._users.setdefault(found, [])
        new = [user for user in users if user not in reacted]
        reacted += new
        return len(new)

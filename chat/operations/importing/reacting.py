"""Reactions of an archive: emoji by their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chat.models import User
from chat.operations.importing.items import Said
from chat.operations.importing.people import People
from chat.operations.importing.tally import Tally
from chat.protocol import emoji
from chat.protocol.limits import REACTIONS


@dataclass(frozen=True, slots=True)
class Reactions:
    """Those to one message: what its row holds of them, and in `extra` all else, as {"reactions": {name: user ids}}."""

    each: Sequence[tuple[str, User]] = ()
    stored: list[tuple[str, list[int]]] | None = None
    extra: dict[str, Any] | None = None


NO_REACTIONS: Final = Reactions()


def reactions_to(said: Said, people: People, tally: Tally) -> Reactions:
    """In the archive's order. `each` is one as it would have come."""
    if not said.reactions or said.deleted:
        return NO_REACTIONS
    kept: dict[str, dict[int, User]] = {}
    others: dict[str, list[int]] = {}
    for name, ids in said.reactions:
        users = {user.pk: user for user in people.users(ids)}
        found = emoji.named(name)
        if found is not None and users and (found in kept or len(kept) < REACTIONS):
            # Two names may stand for one emoji.
            kept[found] = kept.get(found, {}) | users
        elif users:
            others.setdefault(name, []).extend(users)
            if found is None:
                tally.strange[name] += len(users)
            else:
                tally.crowded += len(users)
    each = [(found, user) for found, users in kept.items() for user in users.values()]
    tally.reactions += len(each)
    stored = [(found, list(users)) for found, users in kept.items()]
    return Reactions(each, stored or None, {"reactions": others} if others else None)

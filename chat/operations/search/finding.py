"""Search: only over what the searcher may see, newest or best first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chat.models import Message, SearchEntry, User
from chat.models.search import Term, Wanted
from chat.operations.rendering import words
from chat.operations.search.excerpts import Piece, excerpt
from chat.operations.search.indexing import names_of
from chat.operations.search.ranking import score

RANKED: Final = 200
"""Best first is said of so many of the newest that are found."""


@dataclass(frozen=True)
class Hit:
    """`message` comes with its `sender` and `room`."""

    message: Message
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True)
class Found:
    """A page of hits, and where the next begins."""

    hits: list[Hit]
    next: int | None


def search(user: User, wanted: Wanted, *, order: str, after: int | None = None, limit: int) -> Found:
    """A page in one of ORDERS: the first, or that behind `after`, which the page before it names."""
    return ORDERS[order](user, wanted, after, limit)


def _newest_first(user: User, wanted: Wanted, after: int | None, limit: int) -> Found:
    if after is not None:
        wanted = replace(wanted, until=min(wanted.until, after))
    found = SearchEntry.objects.newest(wanted, limit + 1)
    more = found[limit - 1][0] if len(found) > limit else None
    return Found(_hits(user, [message for _, message in found[:limit]], wanted.terms), more)


def _best_first(user: User, wanted: Wanted, after: int | None, limit: int) -> Found:
    ids = [message for _, message in SearchEntry.objects.newest(wanted, RANKED)]
    bodies = dict(Message.objects.filter(pk__in=ids).values_list("pk", "body"))
    ranked = sorted(ids, key=lambda pk: -score(bodies.get(pk, ""), wanted.terms))
    begin = after or 0
    more = begin + limit if len(ranked) > begin + limit else None
    return Found(_hits(user, ranked[begin : begin + limit], wanted.terms), more)


ORDERS: Final = {"newest": _newest_first, "best": _best_first}


def _hits(user: User, ids: Sequence[int], terms: Sequence[Term]) -> list[Hit]:
    """In this order, those of them that `user` may still see."""
    rows = Message.objects.visible_to(user).filter(pk__in=ids, deleted_at=None).select_related("sender", "room")
    messages = {message.pk: message for message in rows}
    return [hit_of(messages[pk], terms) for pk in ids if pk in messages]


def hit_of(message: Message, terms: Sequence[Term] = ()) -> Hit:
    """As a search shows it. `message` comes with its `sender` and `room`."""
    text = " · ".join(filter(None, [words(message.html), *names_of(message.attachments)]))
    return Hit(message, tuple(excerpt(text, terms)))

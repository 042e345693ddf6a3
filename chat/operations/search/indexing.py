"""What is looked for of each message, written with it in one transaction."""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from chat.models import Message, SearchEntry
from chat.models.messages import room_of
from chat.models.prepared import Prepared
from chat.models.search import TIME_SHIFT, entry_id
from chat.operations.search.words import tokens
from chat.streams.inserting import insert_many

_COLUMNS: Final = ("id", "message", "words")
_PORTION: Final = 1_000


class Words(NamedTuple):
    """Of a message: what it says, and what else it can be found by. `files` are names."""

    message: int
    sender: int
    at: datetime
    body: str
    html: str
    files: Sequence[str] = ()


def add(said: Sequence[Words]) -> None:
    """Makes messages found. They are new, and not deleted."""
    insert_many(
        SearchEntry,
        _COLUMNS,
        [(id, words.message, _tokens(words)) for id, words in zip(_ids(said), said, strict=True)],
    )


def change(words: Words) -> None:
    """After an edit."""
    SearchEntry.objects.filter(message=words.message).update(words=_tokens(words))


def drop(message_id: int) -> None:
    SearchEntry.objects.filter(message=message_id).delete()


def add_missing() -> None:
    """Makes found what was said before there was a search."""
    rows = Message.objects.filter(deleted_at=None, search_entry=None).order_by("pk")
    columns = ("pk", "sender_id", "created_at", "body", "html", "attachments")
    last = 0
    while portion := list(rows.filter(pk__gt=last).values_list(*columns)[:_PORTION]):
        add([Words(pk, by, at, body, html, names_of(files)) for pk, by, at, body, html, files in portion])
        last = portion[-1][0]


def names_of(attachments: Iterable[Any] | None) -> list[str]:
    """The file names in `Message.attachments`."""
    return [each["name"] for each in attachments or ()]


def _tokens(words: Words) -> list[str]:
    return [token.text for text in (words.body, *words.files) for token in tokens(text)] + list(_facts(words))


def _facts(words: Words) -> Iterator[str]:
    yield f"room={room_of(words.message)}"
    yield f"from={words.sender}"
    if "<a href=" in words.html:
        yield "has=link"
    if "<code" in words.html:
        yield "has=code"
    if words.files:
        yield "has=file"


def _ids(said: Sequence[Words]) -> list[int]:
    """An id for each, in the order of time, that nothing has. Another node may take one at the same moment: then the
    transaction fails, and is tried again at another time."""
    found = [0] * len(said)
    taken: set[int] = set()
    wanting, spread = list(range(len(said))), 1 << TIME_SHIFT
    while wanting:
        for place in wanting:
            found[place] = _draw(said[place].at, spread, taken)
        known = {pk for (pk,) in _known(ids=[found[place] for place in wanting])}
        wanting, spread = [place for place in wanting if found[place] in known], 2 * spread
    return found


_known: Final = Prepared(lambda ids: SearchEntry.objects.filter(pk__in=ids).values_list("pk"), ids=list[int])


def _draw(at: datetime, spread: int, taken: set[int]) -> int:
    """A number of this time that is not among `taken`; of a little later where much was said in one moment."""
    while (drawn := entry_id(at, random.randrange(spread))) in taken:
        spread *= 2
    taken.add(drawn)
    return drawn

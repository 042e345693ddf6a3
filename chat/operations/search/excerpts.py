"""What a hit shows of its message: the surroundings of what was found."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from chat.models.search import Term
from chat.operations.search.words import hits

EXCERPT_CHARACTERS: Final = 280
BEFORE_CHARACTERS: Final = 80
ELLIPSIS: Final = "…"


class Piece(NamedTuple):
    """Text, and whether it is what was looked for."""

    text: str
    hit: bool


def excerpt(text: str, terms: Sequence[Term]) -> Iterator[Piece]:
    """About EXCERPT_CHARACTERS of `text`, which is one line, around the first hit, in pieces."""
    spans = hits(text, terms)
    start = _start(text, spans[0][0] if spans else 0)
    end = _end(text, start + EXCERPT_CHARACTERS)
    if start:
        yield Piece(ELLIPSIS, False)
    done = start
    for first, last in spans:
        if last > end:
            break
        if first > done:
            yield Piece(text[done:first], False)
        yield Piece(text[first:last], True)
        done = last
    if done < end:
        yield Piece(text[done:end], False)
    if end < len(text):
        yield Piece(ELLIPSIS, False)


def _start(text: str, hit: int) -> int:
    """Where a word begins, a little before the hit."""
    if hit <= BEFORE_CHARACTERS:
        return 0
    space = text.find(" ", hit - BEFORE_CHARACTERS, hit)
    return hit - BEFORE_CHARACTERS if space < 0 else space + 1


def _end(text: str, most: int) -> int:
    if most >= len(text):
        return len(text)
    space = text.rfind(" ", most - BEFORE_CHARACTERS, most)
    return most if space < 0 else space

"""What changed from one text to another, in words."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_WORDS: Final = re.compile(r"\w+|\s+|.", re.DOTALL)
COMPARISONS_MAX: Final = 1_000_000
"""Words times words. Beyond, between the equal beginning and end, all is taken for changed: seconds would be wasted."""


class Piece(NamedTuple):
    """`kind`: `same`, `added` or `removed`."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    changed = _changed(old[head : len(old) - tail], new[head : len(new) - tail])
    pieces = [Piece("same", "".join(new[:head])), *changed, Piece("same", "".join(new[len(new) - tail :]))]
    return [piece for piece in pieces if piece.text]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many of them are equal from the beginning on."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) * len(new) > COMPARISONS_MAX:
        yield Piece("removed", "".join(old))
        yield Piece("added", "".join(new))
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[a:b]))
        else:
            yield Piece("removed", "".join(old[a:b]))
            yield Piece("added", "".join(new[c:d]))

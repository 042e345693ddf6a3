"""A text as tokens: what is looked for, and what is found, are the same whatever the database.

Words are cut at all that is no letter, mark or digit (Unicode, UAX #44), and compared without case, accents and width.
Scripts that set no spaces between words become pairs of characters, as in Lucene's CJKAnalyzer.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import regex

from chat.models.search import Term

TOKEN_CHARACTERS: Final = 64
"""Of longer words the beginning is kept."""
PREFIX_CHARACTERS: Final = 3
"""Words of so many characters or more are found by their beginning."""

_ASCII: Final = re.compile("[a-z0-9]+")
_UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_RUN: Final = regex.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[[\p{{L}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+", regex.V1)
_CUT: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")


class Token(NamedTuple):
    """`start` and `end` are where it stands in the text. `unspaced` ones overlap: each is a pair of characters, the
    last one character."""

    text: str
    start: int
    end: int
    unspaced: bool = False


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, in order."""
    if text.isascii():
        return [Token(run[0][:TOKEN_CHARACTERS], *run.span()) for run in _ASCII.finditer(text.lower())]
    return [token for run in _RUN.finditer(text) for token in _tokens(run)]


def _tokens(run: "regex.Match[str]") -> Iterator[Token]:
    if run["unspaced"] is None:
        if folded := _folded(run[0][: 4 * TOKEN_CHARACTERS])[:TOKEN_CHARACTERS]:
            yield Token(folded, *run.span())
        return
    # In pieces: to normalise takes a time that grows with the square of a run of combining marks.
    folded = "".join(_folded(run[0][at : at + TOKEN_CHARACTERS]) for at in range(0, len(run[0]), TOKEN_CHARACTERS))
    same = len(folded) == len(run[0])
    for place in range(len(folded)):
        pair = folded[place : place + 2]
        start = run.start() + place if same else run.start()
        yield Token(pair, start, start + len(pair) if same else run.end(), unspaced=True)


def _folded(word: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word).casefold())
    return _CUT.sub("", unicodedata.normalize("NFC", plain))


def term(text: str, *, exact: bool = False) -> Term | None:
    """What finds `text`: its tokens side by side, the last one also as the beginning of a word unless `exact`."""
    found = tokens(text)
    if not found:
        return None
    last = found[-1]
    if last.unspaced:
        # Behind the end of a run that was typed another character may stand.
        alone = len(found) == 1 or found[-2].end < last.end
        kept = found if alone else found[:-1]
        return Term(tuple(token.text for token in kept), prefix=alone)
    prefix = not exact and len(last.text) >= PREFIX_CHARACTERS
    return Term(tuple(token.text for token in found), prefix)


def hits(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """(start, end) of what `terms` find in `text`, in order, without overlaps."""
    found = tokens(text)
    spans = sorted(span for wanted in terms for span in matches(found, wanted))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def matches(found: Sequence[Token], wanted: Term) -> Iterator[tuple[int, int]]:
    """(start, end) of each place in the tokens of a text where `wanted` stands."""
    *before, last = wanted.tokens
    for place in range(len(found) - len(before)):
        end = found[place + len(before)]
        if wanted.prefix and end.unspaced:
            fits, stop = end.text.startswith(last), end.start + len(last)
        else:
            fits, stop = (end.text.startswith(last) if wanted.prefix else end.text == last), end.end
        if fits and all(found[place + index].text == token for index, token in enumerate(before)):
            yield found[place].start, stop

"""How well a message fits what was looked for.

The part of Okapi BM25 that looks at one text (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009):
how often each term stands in it, and how long it is. All terms stand in every hit, so that no term's rareness tells one
from another.
"""

from collections.abc import Sequence
from typing import Final

from chat.models.search import Term
from chat.operations.search.words import Token, matches, tokens

_K1: Final = 1.2
_B: Final = 0.75
_USUAL_TOKENS: Final = 20
_BEGINNING: Final = 0.5
"""What a term counts that stands there only as the beginning of a word."""
_SIDE_BY_SIDE: Final = 1.0
"""What it counts that all terms stand side by side in their order."""


def score(body: str, terms: Sequence[Term]) -> float:
    said = tokens(body)
    long = 1 - _B + _B * len(said) / _USUAL_TOKENS
    total = 0.0
    for term in terms:
        exact = _count(said, Term(term.tokens))
        often = exact + _BEGINNING * (_count(said, term) - exact) if term.prefix else exact
        total += often * (_K1 + 1) / (often + _K1 * long)
    if len(terms) > 1:
        phrase = Term(tuple(token for term in terms for token in term.tokens), terms[-1].prefix)
        total += _SIDE_BY_SIDE * bool(_count(said, phrase))
    return total


def _count(said: Sequence[Token], term: Term) -> int:
    return sum(1 for _ in matches(said, term))

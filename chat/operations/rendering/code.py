"""Code in colours: CSS classes, no styles."""

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from io import StringIO
from typing import Any, Final

from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES

# Lexers are heaps of regular expressions by many hands: only those that teams use, less those that took seconds for one
# step of a hostile text, where no deadline helps (console, ini, ocaml), or made 70 MB of 8 kB (terraform).
_NAMES: Final = """
    bash batch c clojure cmake cpp csharp css dart diff docker elixir elm erlang fsharp go graphql groovy
    haskell html http java javascript json julia kotlin less lua make markdown mysql nginx nixos objective-c
    perl php postgresql powershell protobuf pycon pytb python splus ruby rust scala scss sql swift toml
    typescript vim vue xml yaml zig
"""
LANGUAGES: Final = frozenset(_NAMES.split())
TOKEN_CLASSES: Final = frozenset(name for name in STANDARD_TYPES.values() if name)

_FORMATTER: Final = HtmlFormatter(nowrap=True)


def _aliases() -> Mapping[str, str]:
    known = (aliases for _, aliases, _, _ in get_all_lexers(plugins=False))
    return {alias: own[0] for own in known if own and own[0] in LANGUAGES for alias in own}


_ALIASES: Final = _aliases()


class Budget:
    """How much code of one message is still coloured; what goes over it stays plain.

    The time is the thread's own CPU time. Code that somebody wrote takes a tenth of it; it stops what was made to be
    slow, for most lexers are quadratic in something.
    """

    def __init__(self, characters: int = 5_000, blocks: int = 20, seconds: float = 0.1) -> None:
        self.characters = characters
        self.blocks = blocks
        self.seconds = seconds

    def spent(self, code: str) -> bool:
        return self.blocks < 1 or self.seconds <= 0 or self.characters < len(code)


def language(info: str) -> str:
    """The language that the line over a code block names, by its first name; empty where it is none that we know."""
    word = info.split(maxsplit=1)[0] if info.strip() else ""
    return _ALIASES.get(word.lower(), "")


def highlight(code: str, language: str, budget: Budget) -> str:
    """The HTML for inside `<code>`: coloured, or plain where there is no language or the budget is spent."""
    if not language or budget.spent(code):
        return escape(code)
    budget.blocks -= 1
    budget.characters -= len(code)
    html, lexer = StringIO(), _lexer(language)
    began = time.thread_time()
    try:
        _FORMATTER.format(_until(began + budget.seconds, lexer.get_tokens(code)), html)
    except _TooSlow:
        return escape(code)
    finally:
        budget.seconds -= time.thread_time() - began
    return html.getvalue()


class _TooSlow(Exception):
    pass


def _until(deadline: float, tokens: Iterable[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
    for token in tokens:
        if time.thread_time() > deadline:
            raise _TooSlow
        yield token


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)

"""Pieces of pages, made once for all who see the same: to render one takes longer than to read what it shows."""

import secrets
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

KEPT: Final = 512
"""Pieces of a page such as a sidebar: a few thousand characters each."""
LINES_HERE: Final = mark_safe(f"<!--{secrets.token_hex(16)}-->")
"""Stands in a page where its messages go: as text they would be copied into each template around them."""
_PLAIN: Final = (str, int, bool, type(None))
# Stands in a kept form where the token goes. Nobody can write it, for nobody has seen it.
_TOKEN_HERE: Final = secrets.token_hex(16)


def rendered(template: str, **shown: Any) -> SafeString:
    """`template` with nothing but `shown`; `with_token` makes its forms whole."""
    return render_to_string(template, {**shown, "csrf_token": _TOKEN_HERE})


def kept(template: str, **shown: Any) -> SafeString:
    """The same, made only once for equal values: texts, numbers, and frozen dataclasses or tuples of such."""
    if settings.DEBUG:  # a template may have been edited
        return rendered(template, **shown)
    return _kept(template, tuple(shown.items()))


@lru_cache(KEPT)
def _kept(template: str, shown: tuple[tuple[str, Any], ...]) -> SafeString:
    for name, value in shown:
        # A model is equal to itself whatever it holds: what it held once would be shown for ever.
        if not isinstance(value, (*_PLAIN, tuple)) and not is_dataclass(value):
            raise TypeError(f"{name} of {template} is a {type(value).__name__}, which may change")
    return rendered(template, **dict(shown))


def with_token(piece: SafeString, token: Any) -> SafeString:
    """`piece` with the token of who will send its forms."""
    if _TOKEN_HERE not in piece:
        return piece
    return mark_safe(piece.replace(_TOKEN_HERE, str(token)))

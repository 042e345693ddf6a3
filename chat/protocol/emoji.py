"""The emoji that there are, with their names: Unicode 17 as emojibase tells it (`make emoji`)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).resolve().parents[2] / "static" / "emoji" / "en.json"
"""A list of `[emoji, names, keywords, group, takes tones of skin]` in Unicode's order; the picker reads it, too."""
EMOJI_CHARACTERS: Final = 32
"""The longest, a family with tones of skin, has fewer."""
_TONES: Final = re.compile("[\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}-\N{EMOJI MODIFIER FITZPATRICK TYPE-6}]")
_TONE_OF: Final = {str(number): chr(0x1F3FB + number - 2) for number in range(2, 7)}
"""Fitzpatrick's types 1 and 2 are one tone."""
_VARIATION: Final = "\N{VARIATION SELECTOR-16}"


def canonical(emoji: str) -> str | None:
    """The emoji as it is stored: alike however it was typed, its tone of skin kept. None for what is not one emoji.

    Whether a character is shown as text or as picture (UTS #51, emoji presentation) makes no other emoji of it.
    """
    if len(emoji) > EMOJI_CHARACTERS:
        return None
    bare = emoji.replace(_VARIATION, "")
    plain = _TONES.sub("", bare)
    known = _known().get(plain)
    if known is None or plain == bare:
        return known and known[0]
    return bare if known[1] else None


def named(name: str) -> str | None:
    """`tada` → 🎉, `wave::skin-tone-3` → 👋🏼, as Slack says it; None for a name that nobody knows."""
    name, _, tone = name.partition("::skin-tone-")
    found = _names().get(name.casefold())
    if found is None or not tone:
        return found
    return canonical(found + _TONE_OF[tone]) if tone in _TONE_OF else None


@cache
def _rows() -> list[tuple[str, list[str], list[str], int, int]]:
    return [tuple(row) for row in json.loads(FILE.read_text())]


@cache
def _known() -> dict[str, tuple[str, bool]]:
    """Emoji without variation selectors → as it is written, and whether it takes tones of skin."""
    return {emoji.replace(_VARIATION, ""): (emoji, bool(tones)) for emoji, _, _, _, tones in _rows()}


@cache
def _names() -> dict[str, str]:
    return {name: emoji for emoji, names, *_ in _rows() for name in names}

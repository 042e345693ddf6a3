"""Which messages are so long that a page shows only their beginning; `static/js/lib/folding.js` must say the same."""

import re
from html import unescape
from typing import Final

LINES: Final = 26
"""Up to here all of it is shown. A folded message shows 20 (`message.css`): nothing folds to save a line or two."""
LINE_CHARACTERS: Final = 80
_SHORT: Final = 1_000
# A row of a table is one line, though its HTML has many.
_WITHIN_ROWS: Final = re.compile(r"(?:<(?:/?table|/?thead|/?tbody|tr)>|</t[dh]>)\n")
_TAGS: Final = re.compile("<[^>]*>")


def is_long(html: str) -> bool:
    """Whether what `render` gave takes more than `LINES` lines, as far as that can be told without a screen."""
    if len(html) < _SHORT and html.count("\n") < LINES:
        return False
    text = unescape(_TAGS.sub("", _WITHIN_ROWS.sub("", html)))
    return sum(1 + len(line) // LINE_CHARACTERS for line in text.split("\n")) > LINES

"""The words of a message, for where no markup can stand: quotes, lists, notifications."""

import re
from html import unescape
from typing import Final

from django.utils.html import strip_tags

HIDDEN: Final = "[spoiler]"
_SPOILER: Final = re.compile(r'<mark class="spoiler">.*?</mark>', re.DOTALL)


def words(html: str) -> str:
    """The text in the HTML that `render` gave, in one line. What was hidden stays hidden."""
    return " ".join(unescape(strip_tags(_SPOILER.sub(HIDDEN, html))).split())

"""The links of a message that get a preview."""

import re
from html import unescape
from typing import Final

MOST: Final = 3
URL_CHARACTERS: Final = 2_000
"""Of a longer one there is no preview."""
MARK: Final = '<a href="http'
"""How a link to the web begins in the HTML of a message; nothing else there does, for what is typed is escaped."""

_HIDDEN: Final = re.compile(r'<pre>.*?</pre>|<code.*?</code>|<mark class="spoiler">.*?</mark>', re.DOTALL)
_LINK: Final = re.compile(r'<a href="(https?://[^"]+)"')


def has_links(html: str) -> bool:
    """Whether a look is worth it: for the path of a post, in less than a microsecond."""
    return MARK in html


def links(html: str) -> list[str]:
    """The first `MOST` different addresses that the rendered HTML links to, outside of code and spoilers, in order.

    Addresses that differ in their fragment alone are one: the first.
    """
    found: dict[str, str] = {}
    for link in _LINK.findall(_HIDDEN.sub("", html)):
        url = unescape(link)
        if len(url) <= URL_CHARACTERS:
            found.setdefault(page_of(url), url)
    return list(found.values())[:MOST]


def page_of(url: str) -> str:
    """What is fetched for `url`: without the fragment, which no server hears of."""
    return url.partition("#")[0]

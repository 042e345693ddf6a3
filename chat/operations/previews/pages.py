"""What a page says of itself in its head: a scan that goes over each character a bounded number of times.

Python's `html.parser` takes time by the square of what it is given: 64 KiB of `<a ` are 24 seconds.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

TITLE_CHARACTERS: Final = 200
DESCRIPTION_CHARACTERS: Final = 300
SITE_CHARACTERS: Final = 80
VALUE_CHARACTERS: Final = 4_000
"""More of a value is not looked at."""

_TAG: Final = re.compile(r"<(/?[a-z][a-z0-9:-]{0,20})(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([^\s/>=]{1,64})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?|>""")
_HIDING: Final = ("script", "style", "template", "noscript", "svg", "iframe", "textarea")
"""What stands in these is not the page's own head."""
_END: Final = ("/head", "body")
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_JOINERS: Final = "\u200c\u200d"
"""Unseen, and yet letters and emoji are others without them."""
_HEAD_END: Final = re.compile(rb"</head[\s>]|<body[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Facts:
    """Plain text, cut to what a card has room for; empty where the page says nothing. `image` is as it stands there."""

    title: str
    description: str
    site: str
    image: str


def has_head(data: bytes) -> bool:
    """Whether the head ends in these bytes."""
    return _HEAD_END.search(data) is not None


def facts(html: str) -> Facts:
    found: dict[str, str] = {}
    for name, value in _said(html):
        if value.strip():
            found.setdefault(name, value)

    def first(most: int, *names: str) -> str:
        return plain(next((found[name] for name in names if name in found), ""), most)

    return Facts(
        title=first(TITLE_CHARACTERS, "og:title", "twitter:title", "title"),
        description=first(DESCRIPTION_CHARACTERS, "og:description", "twitter:description", "description"),
        site=first(SITE_CHARACTERS, "og:site_name"),
        image=next((found[name].strip() for name in IMAGES if name in found), ""),
    )


IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")


def plain(text: str, most: int) -> str:
    """One line without what is not seen: controls, and marks that turn the direction of writing around."""
    spaced = " ".join(text[:VALUE_CHARACTERS].split())
    seen = "".join(each for each in spaced if unicodedata.category(each) not in _UNSEEN or each in _JOINERS)
    return seen if len(seen) <= most else f"{seen[: most - 1].rstrip()}…"


def _said(html: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each `<meta>`, and (`title`, its text), as long as the head goes on."""
    low = html.lower() if len(html.lower()) == len(html) else html
    at = 0
    while (at := html.find("<", at)) >= 0:
        if html.startswith("<!--", at):
            at = _after(low, "-->", at + 4)
            continue
        tag = _TAG.match(html, at)
        if tag is None:
            at += 1
            continue
        name, at = tag[1].lower(), tag.end()
        if name in _END:
            return
        if name in _HIDING:
            at = _after(low, f"</{name}", at)
        elif name == "title":
            begin = _after(low, ">", at)
            at = _after(low, "</title", begin)
            yield "title", unescape(html[begin : min(at - len("</title"), begin + VALUE_CHARACTERS)])
        elif name == "meta":
            attributes, at = _attributes(html, at)
            key = attributes.get("property") or attributes.get("name") or ""
            yield key.strip().lower(), attributes.get("content", "")


def _after(text: str, what: str, at: int) -> int:
    """Behind the next `what`; the end of all when there is none, so that it is not looked for again."""
    found = text.find(what, at)
    return len(text) + len(what) if found < 0 else found + len(what)


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """Those of the tag in which `at` lies, and where it ends."""
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.search(html, at)) is not None:
        at = match.end()
        if match[1] is None:
            break
        value = next((each for each in match.groups()[1:] if each is not None), "")
        found.setdefault(match[1].lower(), unescape(value[:VALUE_CHARACTERS]))
    return found, at if match else len(html)

"""The gate: what may stand in the HTML of a message. Everything else is dropped, whatever the parser believed."""

import re
from typing import Final

import nh3

from chat.operations.rendering.code import LANGUAGES, TOKEN_CLASSES

SCHEMES: Final = frozenset({"http", "https", "mailto"})
ALIGNMENTS: Final = frozenset({"align-left", "align-center", "align-right"})

_TAGS: Final = "a blockquote br code em h4 h5 h6 hr input li mark ol p pre s span strong table tbody td th thead tr ul"

_ROOM: Final = re.compile(r"/rooms/[\w%.~-]+/", re.ASCII)
_cleaner: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style"},
    attributes={
        "*": set(),
        "a": {"href"},
        "input": {"checked"},
        "ol": {"start"},
        "span": {"data-user", "data-everybody"},
    },
    allowed_classes={
        "a": {"room-link"},
        "code": {f"language-{name}" for name in LANGUAGES},
        "li": {"task"},
        "mark": {"spoiler"},
        "p": {"action"},
        "span": {"mention", *TOKEN_CLASSES},
        "td": set(ALIGNMENTS),
        "th": set(ALIGNMENTS),
    },
    link_rel="noopener nofollow ugc",
    url_schemes=set(SCHEMES),
    # A room of this place, as `#room` becomes; no other address of this site.
    url_relative=lambda url: url if _ROOM.fullmatch(url) else None,
    # An input is a box that nobody can tick. (Two values set for one tag would come in any order.)
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"disabled": ""}},
)


def clean(html: str) -> str:
    return _cleaner.clean(html)

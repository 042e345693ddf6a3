"""The gate: what may stand in the HTML of a message. Everything else is dropped, whatever the parser believed."""

from typing import Final

import nh3

from chat.operations.rendering.code import LANGUAGES, TOKEN_CLASSES

SCHEMES: Final = frozenset({"http", "https", "mailto"})
ALIGNMENTS: Final = frozenset({"align-left", "align-center", "align-right"})

_TAGS: Final = "a blockquote br code em h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul"

_cleaner: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style"},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}, "span": {"data-user"}},
    allowed_classes={
        "code": {f"language-{name}" for name in LANGUAGES},
        "p": {"action"},
        "span": {"mention", *TOKEN_CLASSES},
        "td": set(ALIGNMENTS),
        "th": set(ALIGNMENTS),
    },
    link_rel="noopener nofollow ugc",
    url_schemes=set(SCHEMES),
    url_relative="deny",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def clean(html: str) -> str:
    return _cleaner.clean(html)

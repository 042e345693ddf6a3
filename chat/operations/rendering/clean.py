"""The gate: what may stand in the HTML of a message. Everything else is dropped, whatever the parser believed."""

from typing import Final

import nh3

from chat.operations.rendering.code import LANGUAGES, TOKEN_CLASSES

SCHEMES: Final = frozenset({"http", "https", "mailto"})
ALIGNMENTS: Final = frozenset({"align-left", "align-center", "align-right"})

_TAGS: Final = "a blockquote br code em h4 h5 h6 hr input li mark ol p pre s span strong table tbody td th thead tr ul"

_cleaner: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style"},
    attributes={"*": set(), "a": {"href"}, "input": {"checked"}, "ol": {"start"}, "span": {"data-user"}},
    allowed_classes={
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
    url_relative="deny",
    # An input is a box that nobody can tick. (Two values set for one tag would come in any order.)
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"disabled": ""}},
)


def clean(html: str) -> str:
    return _cleaner.clean(html)

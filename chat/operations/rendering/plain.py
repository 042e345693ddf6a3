"""The fast path: most of what people say needs no parser."""

import re
from typing import Final

from chat.operations.rendering.emoji import with_emoji
from chat.operations.rendering.mentions import Mark, People, Rendered, Rooms, look_up, nobody, nowhere, split, told

# What the cleaner adds to every link.
_LINK: Final = ' target="_blank" rel="noopener nofollow ugc"'
ACTION: Final = "/me "

# Anything that Markdown, the finder of links or the cleaner could see something in. Rather too much than too little:
# what is found here only takes the slow path, with the same outcome.
_SPECIAL: Final = re.compile(
    r"""
      [\\`*~|\[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]
    | [^\S \n]                              # white space beside blanks and line ends
    | (?<![^\W_])_ | _(?![^\W_])            # underscores, but not those inside a word
    | &[#A-Za-z]                            # entities
    | <[^<>\s]*[:@]                         # autolinks
    | :// | [mM][aA][iI][lL][tT][oO]:
    | [^\s(]@                               # addresses
    | \A[\n ] | [\n ]\Z | \n\n | [ ]\n      # paragraphs, and blanks that would be trimmed
    | ^(?: [ >+-] | [#]{1,6}(?:[ ]|$) | [0-9]{1,9}[.)] )
    """,
    re.VERBOSE | re.MULTILINE,
)

# A line of which that is plain at a glance: a tenth of the time of looking for all of the above.
_HARMLESS: Final = re.compile(r"""[A-Za-z](?:[A-Za-z0-9 ,.;!?'"()/%=+-]*[A-Za-z0-9,.;!?'"()/%=+-])?""")


def plain(body: str, *, people: People = nobody, rooms: Rooms = nowhere) -> Rendered | None:
    """What `full` would give for `body`, if it is nothing but words, line ends, emoji and names; else None."""
    text, opening = split_action(body)
    if not text or (not _HARMLESS.fullmatch(text) and _SPECIAL.search(text)):
        return None
    text = with_emoji(text)
    known = look_up([text], people, rooms) if "@" in text or "#" in text else None
    if known is None:
        return Rendered(f"{opening}{escape(text)}</p>")
    parts = list(split(text, known))
    html = "".join(_marked(part) if isinstance(part, Mark) else escape(part) for part in parts)
    return told((part for part in parts if isinstance(part, Mark)), f"{opening}{html}</p>")


def _marked(mark: Mark) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in mark.attributes.items())
    return f"<{mark.tag}{attributes}{_LINK if mark.tag == 'a' else ''}>{escape(mark.text)}</{mark.tag}>"


def split_action(body: str) -> tuple[str, str]:
    """The text, and the tag of its paragraph: `/me waves` is the action "waves", all else is said."""
    if body.startswith(ACTION) and (text := body[len(ACTION) :].strip()):
        return text, '<p class="action">'
    return body, "<p>"


def escape(text: str) -> str:
    """Text as HTML, in the very form that the cleaner gives it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\n")

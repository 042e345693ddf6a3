"""The fast path: most of what people say needs no parser."""

import re
from typing import Final

from chat.operations.rendering.emoji import with_emoji
from chat.operations.rendering.mentions import Mention, People, Rendered, look_up, nobody, split

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


def plain(body: str, *, people: People = nobody) -> Rendered | None:
    """What `full` would give for `body`, if it is nothing but words, line ends, emoji and mentions; else None."""
    text, opening = split_action(body)
    if not text or (not _HARMLESS.fullmatch(text) and _SPECIAL.search(text)):
        return None
    text = with_emoji(text)
    if "@" not in text:
        return Rendered(f"{opening}{escape(text)}</p>")
    found: dict[int, None] = {}
    html = [opening]
    for part in split(text, look_up([text], people)):
        if isinstance(part, Mention):
            found[part.user_id] = None
            html.append(f'<span class="mention" data-user="{part.user_id}">{escape(part.text)}</span>')
        else:
            html.append(escape(part))
    html.append("</p>")
    return Rendered("".join(html), tuple(found))


def split_action(body: str) -> tuple[str, str]:
    """The text, and the tag of its paragraph: `/me waves` is the action "waves", all else is said."""
    if body.startswith(ACTION) and (text := body[len(ACTION) :].strip()):
        return text, '<p class="action">'
    return body, "<p>"


def escape(text: str) -> str:
    """Text as HTML, in the very form that the cleaner gives it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\n")

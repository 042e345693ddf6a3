"""Text that is to stay as it is, in Markdown: as few escapes as that takes."""

import re
from typing import Final

_BACKSLASH: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_STAR: Final = re.compile(r"\*(?!(?<=\s\*)\s)")
_UNDERSCORE: Final = re.compile(r"_(?!(?<=[^\W_]_)[^\W_])(?!(?<=\s_)\s)")
_TILDES: Final = re.compile(r"~(?=~)")
_BARS: Final = re.compile(r"\|(?=\|)")
_ENTITY: Final = re.compile(r"&(?=#\d+;|#[xX][0-9a-fA-F]+;|\w+;)")
_AUTOLINK: Final = re.compile(r"<(?=\ufdd0|[^<>\s]*[:@])")
_START: Final = re.compile(
    r"""
      (?P<first> [#]{1,6}(?=[ \t]|$) | [-+*](?=[ \t]|$) | >
               | ([-_*])(?=(?:[ \t]*\2){2,}[ \t]*$)      # a line across
               | [|:-](?=[-:| \t]*$) )                   # the second line of a table
    | (?P<number> \d{1,9})(?P<dot> [.)])(?=[ \t]|$)
    """,
    re.VERBOSE,
)


def unescape(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


ANYWHERE: Final = frozenset("*_[")
LABEL: Final = frozenset("*_[]")
"""In the text of a link."""


def escape(text: str, active: frozenset[str] = ANYWHERE) -> str:
    """`text` so that Markdown shows it as it stands.

    `active` are those of `*_[]` that could mean something; a star, for one, that is alone in its message does not.
    """
    text = _BACKSLASH.sub(r"\\\\", text)
    text = text.replace("`", "\\`")
    if "*" in active:
        text = _STAR.sub(r"\\*", text)
    if "_" in active:
        text = _UNDERSCORE.sub(r"\\_", text)
    text = _TILDES.sub(r"\\~", text)
    text = _BARS.sub(r"\\|", text)
    text = _ENTITY.sub(r"\\&", text)
    text = _AUTOLINK.sub(r"\\<", text)
    if "[" in active:
        text = text.replace("[", "\\[")
    return text.replace("]", "\\]") if "]" in active else text


def escape_start(line: str) -> str:
    """`line`, already escaped, so that it does not begin a list, a heading, a quotation, a rule or a table."""
    match = _START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[match.start('dot') :]}"
    return f"\\{line}"

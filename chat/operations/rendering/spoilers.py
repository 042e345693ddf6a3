"""`||like this||`: words that are hidden until somebody asks for them. One stands in no other."""

from collections.abc import Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

_BAR: Final = ord("|")


def spoilers(md: MarkdownIt) -> None:
    """Teaches the parser spoilers, which are paired as `~~` is."""
    md.inline.add_terminator_char("|")
    md.inline.ruler.before("emphasis", "spoiler", _marks)
    md.inline.ruler2.before("emphasis", "spoiler", _pairs)
    md.add_render_rule("spoiler_open", lambda *_: '<mark class="spoiler"><span>')
    md.add_render_rule("spoiler_close", lambda *_: "</span></mark>")


def flat(children: Sequence[Token]) -> list[Token]:
    """The tokens without spoilers that stand in another."""
    tokens, depth = [], 0
    for child in children:
        depth += child.type == "spoiler_open"
        if depth < 2 or not child.type.startswith("spoiler_"):
            tokens.append(child)
        depth -= child.type == "spoiler_close"
    return tokens


def before_bars(text: str, pos: int) -> tuple[str, int]:
    """What of `text` a bare link that begins before `pos` may take: the bars after it end a spoiler."""
    end = text.find("||", pos)
    return (text if end == -1 else text[:end]), pos


def _marks(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "|":
        return False
    scanned = state.scanDelims(state.pos, True)
    state.pos += scanned.length
    state.push("text", "", 0).content = "|" * scanned.length
    if scanned.length != 2:
        return True
    state.delimiters.append(
        Delimiter(
            marker=_BAR,
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
    )
    return True


def _pairs(state: StateInline) -> None:
    nested = [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in (state.delimiters, *nested):
        for start in delimiters:
            if start.marker == _BAR and start.end != -1:
                _turn(state.tokens[start.token], "spoiler_open", 1)
                _turn(state.tokens[delimiters[start.end].token], "spoiler_close", -1)


def _turn(token: Token, kind: str, nesting: int) -> None:
    token.type, token.nesting, token.content = kind, nesting, ""  # type: ignore[assignment]

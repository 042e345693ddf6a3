"""The Markdown of chat: CommonMark with tables, tasks, strikethrough, spoilers, bare links, emoji and mentions.

A line end is a line end.

Not in it, because people who chat do not mean them: HTML, link definitions, underlined headings. Images are links, so
that reading a message never calls a foreign host.
"""

import re
import threading
from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from chat.operations.rendering.code import highlight, language
from chat.operations.rendering.emoji import with_emoji
from chat.operations.rendering.mentions import Mark, Names, look_up, split
from chat.operations.rendering.spoilers import before_bars, flat, spoilers
from chat.operations.rendering.tasks import mark_tasks

_LINK: Final = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)

# Beyond these a body is no message but an attack on a parser that is quadratic in them; it then does without.
LINKS_MAX: Final = 200
BRACKETS_MAX: Final = 1_000
CELLS_MAX: Final = 5_000

_parsers = threading.local()


def parser(body: str) -> MarkdownIt:
    """The parser for `body`, this thread's own: the one that finds links keeps its state in itself."""
    without = _excessive(body)
    key = "without " + " ".join(without)
    built: dict[str, MarkdownIt] = _parsers.__dict__
    if key not in built:
        built[key] = _build(without)
    return built[key]


def _excessive(body: str) -> list[str]:
    """The rules that `body` gives too much to do."""
    rules = []
    if body.count("://") > LINKS_MAX:
        rules.append("linkify")
    if body.count("[") > BRACKETS_MAX:
        rules += ["link", "image"]
    if "|" in body and max(line.count("|") for line in body.split("\n")) * body.count("\n") > CELLS_MAX:
        rules.append("table")
    return rules


def _build(without: Sequence[str]) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "xhtmlOut": False})
    md.enable(["linkify", "strikethrough", "table"]).disable(["html_block", "html_inline", "lheading", "reference"])
    md.use(spoilers).disable(list(without))
    assert md.linkify is not None
    md.linkify.set({"fuzzy_link": False, "fuzzy_ip": False, "fuzzy_email": True})
    http = md.linkify.default_schemas["http:"]["validate"]
    md.linkify.add("ftp:", None).add("//", None).add(
        "http:", {"validate": lambda _, text, pos: http(*before_bars(text, pos))}
    )
    md.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    md.core.ruler.before("text_join", "chat", _chat)
    md.add_render_rule("fence", _code)
    md.add_render_rule("code_block", _code)
    return md


def _chat(state: StateCore) -> None:
    """Turns what the parser made of the text into what chat wants of it."""
    inlines = [token for token in state.tokens if token.type == "inline"]
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 3, 6)}"  # h1 to h3 belong to the page
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs = {"class": str(token.attrs["style"]).replace("text-align:", "align-")}
    for inline in inlines:
        inline.children = flat(_without_images(inline.children or []))
    mark_tasks(state.tokens)
    _name_emoji(inlines)
    texts = (text.content for inline in inlines for text in _said(inline))
    known = look_up(texts, state.env["people"], state.env["rooms"])
    if known is not None:
        for inline in inlines:
            said = {id(text) for text in _said(inline)}
            inline.children = [
                part
                for child in inline.children or []
                for part in (_with_marks(child, known, state.env) if id(child) in said else [child])
            ]


def _name_emoji(inlines: Sequence[Token]) -> None:
    """In all texts but the addresses that were made into links."""
    for inline in inlines:
        bare = False
        for child in inline.children or []:
            if child.type in ("link_open", "link_close"):
                bare = child.type == "link_open" and child.markup in ("linkify", "autolink")
            elif child.type == "text" and not bare:
                child.content = with_emoji(child.content)


def _said(inline: Token) -> list[Token]:
    """The texts that are words: not code, not inside links."""
    texts, links = [], 0
    for child in inline.children or []:
        if child.type == "link_open":
            links += 1
        elif child.type == "link_close":
            links -= 1
        elif child.type == "text" and not links:
            texts.append(child)
    return texts


def _with_marks(text: Token, known: Names, env: MutableMapping[str, Any]) -> list[Token]:
    tokens = []
    for part in split(text.content, known):
        if isinstance(part, Mark):
            env["marks"].append(part)
            tokens.append(Token("mark_open", part.tag, 1, attrs=dict(part.attributes)))
            tokens.append(Token("text", "", 0, content=part.text))
            tokens.append(Token("mark_close", part.tag, -1))
        else:
            tokens.append(Token("text", "", 0, content=part))
    return tokens


def _without_images(children: Sequence[Token]) -> list[Token]:
    """An image becomes a link to it, or its text where it stands in a link already."""
    tokens: list[Token] = []
    links = 0
    for child in children:
        links += (child.type == "link_open") - (child.type == "link_close")
        if child.type != "image":
            tokens.append(child)
            continue
        url = str(child.attrs["src"])
        text = Token("text", "", 0, content=child.content or url)
        if links:
            tokens.append(text)
        else:
            tokens += [Token("link_open", "a", 1, attrs={"href": url}), text, Token("link_close", "a", -1)]
    return tokens


def _code(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    name = language(token.info)
    opening = f'<code class="language-{escape(name)}">' if name else "<code>"
    return f"<pre>{opening}{highlight(token.content, name, env['budget'])}</code></pre>\n"

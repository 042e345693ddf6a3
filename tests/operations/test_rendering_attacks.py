"""What is typed to harm readers or the server."""

import time
from collections.abc import Collection, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.operations.rendering import full, render
from chat.operations.rendering.code import LANGUAGES
from chat.protocol.limits import BODY_CHARACTERS
from tests.support.markup import HOSTILE

BARE = "blockquote br em h4 h5 h6 hr li pre s strong table tbody thead tr ul"
ALLOWED: dict[str, set[str]] = {tag: set() for tag in BARE.split()} | {
    "a": {"href", "rel", "target"},
    "code": {"class"},
    "input": {"checked", "disabled", "type"},
    "li": {"class"},
    "mark": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class", "data-user"},
    "td": {"class"},
    "th": {"class"},
}

BOX = {"type": "checkbox", "disabled": ""}


class Inspector(HTMLParser):
    """Raises at any tag, attribute, address or nesting that no message may have."""

    depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], f"{tag} {name}"
            if name == "href":
                assert urlsplit(value or "").scheme in {"http", "https", "mailto"}, value
        if tag == "input":
            assert dict(attrs) in ({**BOX}, {**BOX, "checked": ""}), attrs
        if tag not in ("br", "hr", "input"):
            self.depth += 1
            assert self.depth < 60

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(html: str) -> None:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert inspector.depth == 0


def everybody(keys: Collection[str]) -> Mapping[str, int]:
    return {key: number for number, key in enumerate(keys, 1)}


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markup_is_inert(body: str) -> None:
    for text in (
        body,
        f"/me {body}",
        f"> {body}",
        f"- **{body}**",
        f"||{body}||",
        f"- [x] {body}",
        f"a\n{body}\nb",
        f"[{body}](https://a.org)",
    ):
        inspect(render(text, people=everybody).html)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3), st.integers(0, 60), st.integers(0, 60))
def test_pieces_of_hostile_markup_are_inert(bodies: list[str], cut: int, more: int) -> None:
    inspect(full(bodies[0][:cut] + bodies[1][more:] + bodies[-1], people=everybody).html)


def cpu_seconds(body: str) -> float:
    """Of the faster of two runs: the first may load a lexer."""
    took = []
    for _ in range(2):
        began = time.thread_time()
        render(body, people=everybody)
        took.append(time.thread_time() - began)
    return min(took)


WORST = 30
"""Measured: 8 times a normal message. What grows with the square of its length is beyond 100, on a busy machine too."""


def filled(unit: str) -> str:
    return (unit * (BODY_CHARACTERS // len(unit) + 1))[:BODY_CHARACTERS]


@pytest.fixture(scope="module")
def normal_seconds() -> float:
    """A long message of the usual kind."""
    return cpu_seconds(filled("Hello **there**, this is `code`, https://example.org/x and a lot of words around it.\n"))


# fmt: off
UNITS = [
    ">", "> ", "> - ", "[", "![", "[[]", "[](", "[a](", "![](", "[](<", "*", "**a", "*a **a ", "_", "_a ", "~~a ", "`",
    "``a`", "<", "<a", "<http://a>", "&", "&#1;", "\\", "\\[", "\\\n", "- ", "- a\n", "  - a\n", "1. a\n", "# ", "|",
    "a|b\n", "||\n", "http://", "http://a.", "http://a(", "://", "//", "mailto:", "a@", "a@b.c ", "@a ", "@a.", ":",
    "||", "||a ", "a||", "||a||", "|||", "||a ||", ":a", ":tada:", ":+1::skin-tone-2:", "- [ ] a\n", "- [x] ",
    "a\n", "a\n\n", "```\n", "(", "]", "\t", "\u202e", "é", "\u0301", "😀",
]
# fmt: on
SHAPES = {
    "a wide table": "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + "|a|b|c\n" * 2_200,
    "a table of bare lines": "|" * 2_000 + "\n" + "|-" * 2_000 + "|\n" + "x\n" * 4_000,
    "a deep list": "".join("  " * depth + "- a\n" for depth in range(120)),
    "spoilers in links": "[||a](https://a.org) " * 600,
    "ever more bars": " ".join("|" * count for count in range(1, 178)),
    "ever more backticks": " ".join("`" * count for count in range(1, 178)),
    "quotes that deepen": "".join("> " * (depth % 25) + "- a\n" for depth in range(1_000)),
}


@pytest.mark.parametrize("body", [*map(filled, UNITS), *(shape[:BODY_CHARACTERS] for shape in SHAPES.values())])
def test_a_hostile_body_costs_little_more_than_a_long_one(body: str, normal_seconds: float) -> None:
    for text in (body, f"/me {body}"[:BODY_CHARACTERS]):
        html = render(text, people=everybody).html
        inspect(html)
        assert len(html) < 20 * BODY_CHARACTERS
        assert cpu_seconds(text) < WORST * normal_seconds


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_hostile_code_costs_little_more_than_a_long_message(language: str, normal_seconds: float) -> None:
    render(f"```{language}\nx\n```")
    for unit in ("\n", "a ", "a: ", "__", '"', "\\", "{{", "<<A\n"):
        code = (unit * 5_000)[:4_900]
        began = time.thread_time()
        html = render(f"```{language}\n{code}\n```").html
        assert time.thread_time() - began < WORST * normal_seconds
        assert len(html) < 40 * BODY_CHARACTERS
        inspect(html)


def test_many_blocks_of_code_share_one_budget(normal_seconds: float) -> None:
    blocks = "".join(f"```{language}\n{language}\n```\n" for language in sorted(LANGUAGES))
    assert render(blocks).html.count("<span") > 5
    assert cpu_seconds(filled(blocks)) < WORST * normal_seconds

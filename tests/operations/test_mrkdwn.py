"""Slack's markup as our Markdown."""

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.operations.rendering import render
from chat.operations.slack.mrkdwn import Names, to_markdown

NAMES = Names(user={"U1": "ada", "U2": "b.c"}.get, channel={"C1": "general"}.get)


def converted(text: str) -> str:
    return to_markdown(text, NAMES)


@pytest.mark.parametrize(
    ("slack", "markdown"),
    [
        ("Morning all.", "Morning all."),
        ("*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"),
        ("*_both_*", "**_both_**"),
        ("`a &lt; b` is *not* `*bold*`", "`a < b` is **not** `*bold*`"),
        ("```a &lt; b\n*c*```", "```\na < b\n*c*\n```"),
        ("see ```x``` there", "see\n```\nx\n```\nthere"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&gt; quoted\nanswer", "> quoted\n\nanswer"),
        ("&gt;&gt;&gt;all\nof it", "> all\n> of it"),
        ("&gt; see ```x\ny``` ok", "> see\n> ```\n> x\n> y\n> ```\n> ok"),
        ("&gt;&gt;&gt; see ```x\ny```", "> see\n> ```\n> x\n> y\n> ```"),
    ],
)
def test_formatting(slack: str, markdown: str) -> None:
    assert converted(slack) == markdown


@pytest.mark.parametrize(
    ("slack", "markdown"),
    [
        ("<@U1>: hi <@U2|whoever>", "@ada: hi @b.c"),
        ("<@U9|zoe> and <@U9>", "@zoe and @U9"),
        ("x<@U1>s", "x @ada s"),
        ("<#C1|general> <#C9|old> <#C1>", "#general #old #general"),
        ("<!here> <!channel|channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@designers> <!date^1392734382^{date}|18 February>", "@designers 18 February"),
        ("<https://a.org/x?y=1&amp;z=2>", "https://a.org/x?y=1&z=2"),
        ("<https://a.org/x>, <https://a.org/a_b>", "<https://a.org/x>, <https://a.org/a_b>"),
        ("<https://a.org|a.org>", "https://a.org"),
        ("<https://a.org/(x)|the [draft]>", "[the \\[draft\\]](<https://a.org/(x)>)"),
        ("<mailto:a@b.org|a@b.org> <mailto:a@b.org|write>", "<a@b.org> [write](<mailto:a@b.org>)"),
        ("<tel:+15550100|+15550100> <slack://x|open>", "+15550100 open (slack://x)"),
        ("`<https://a.org|a>` `<@U1>`", "`a` `@ada`"),
        ("*<https://a.org|a>*", "**[a](<https://a.org>)**"),
    ],
)
def test_references(slack: str, markdown: str) -> None:
    assert converted(slack) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "1. not a list",
        "2) nor this",
        "- nor this",
        "* nor this",
        "+ nor this",
        "---",
        "* * *",
        "[x](https://a.org)",
        "![x](https://a.org/x.png)",
        "2*3*4 = 24",
        "**kwargs and *args",
        "__init__ and _x",
        "~~~",
        "<b>tag</b> <a:b> <a@b.c>",
        "&amp; &copy; &#65; stay",
        "C:\\*\\dir\\",
        "one ` tick",
        "|a|b|\n|-|-|\n|1|2|",
        "a\n---\nb",
        "    indented",
        "/me is what they wrote",
        "\\[x]",
    ],
)
def test_what_slack_shows_as_written_stays_as_written(text: str) -> None:
    assert shown(text) == squeezed(text)


def shown(text: str) -> str:
    """What a reader sees of `text`, written in Slack without any formatting."""
    slack = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    html = render(converted(slack)).html
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "br", "a"}, html
    return squeezed(unescape(re.sub(r"<[^>]+>", "", html)))


def squeezed(text: str) -> str:
    return " ".join(text.split())


# Without backticks, and with marks only where Slack sees no formatting: before letters, never after them.
WORDS = "a bc 1. 2) # ## - + [x](https://a.org) ![ ]( [ ] \\ \\* *x _y ~z ~~ &amp; &#65; < <b> | |-| :-: / = !"
LITERAL = st.lists(st.sampled_from(WORDS.split()), max_size=10)


@settings(max_examples=500, deadline=None)
@given(LITERAL, st.sampled_from([" ", "\n", "  ", "\n\n", ""]))
@example(["*x", "*x"], " ")
@example(["|", "|", "<b>", "|", "|"], "")
def test_any_text_without_formatting_stays_as_written(words: list[str], space: str) -> None:
    text = space.join(words)
    if text.strip() and not re.search(r"[*_~]\S[^\n]*[*_~]", text):
        assert shown(text) == squeezed(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab*_~`<>@#!|&;\\[]()\n \ufdd0\ufdd1\x00\ud800U1C")))
def test_nothing_crashes(text: str) -> None:
    render(converted(text)).html.encode()

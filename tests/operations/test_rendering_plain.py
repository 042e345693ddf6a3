"""The fast path gives what the slow one gives."""

from collections.abc import Collection, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.operations.rendering import full, plain, render

WORDS = """
hello it's "quoted" 3.14 1. 1) - + * ** _ __ a_b ~ ~~ ` ``` # ## #general > >> < <b> </p> <a:b> <a@b.c> &amp; & &#65;
http://a.org https://x.y/z_w mailto:a@b.org www.a.org a.org //a a@b.org @ada @bob. @no-one- (@ada) x@ada | |-| ---
:tada: :+1: :a_b: :tada:: :skin-tone-2: || ||a|| [x]
=== [a](http://b.org) [a] ]( ![ \\ \\* /me : :// straße 你好 שלום 😀 é
"""
FRAGMENTS = st.sampled_from(WORDS.split())
SPACES = st.sampled_from([" ", " ", " ", "", "\n", "\n\n", "  \n", "    ", "\t", "\u00a0", "\u2028", "\r\n"])
ASSEMBLED = st.lists(st.tuples(FRAGMENTS, SPACES), max_size=12).map(lambda pairs: "".join(a + b for a, b in pairs))
LETTERS = st.text(st.sampled_from("ab1 .,:;!?@_-+*#<>&/\\`~|[]()\n\"'=é\u00a0\u0301\x85\x0c\x1f"), max_size=30)


def people(keys: Collection[str]) -> Mapping[str, int]:
    return {key: len(key) for key in keys if key[:1] in "abe"}


def same(body: str) -> None:
    fast = plain(body, people=people)
    assert fast is None or fast == full(body, people=people)


@settings(max_examples=400, deadline=None)
@given(ASSEMBLED)
@example("/me 1. is first")
@example("a\n- b")
def test_it_agrees_on_words_and_markup(body: str) -> None:
    same(body)


@settings(max_examples=400, deadline=None)
@given(LETTERS)
def test_it_agrees_on_punctuation(body: str) -> None:
    same(body)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
@example("\ufeffa")
@example("a\ufffe\uffff\U000e0001")
def test_it_agrees_on_all_of_unicode(body: str) -> None:
    same(body)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=["Cs", "Cc", "Lu"]), max_size=20))
def test_nothing_crashes(body: str) -> None:
    render(body).html.encode()


@pytest.mark.parametrize(
    "body",
    [
        "Morning!",
        "it's 3.14, isn't it?",
        "one\ntwo",
        "@ada: ok",
        "/me waves",
        "a_b",
        "#general",
        "x & y < z",
        "Done :tada:",
    ],
)
def test_everyday_talk_is_fast(body: str) -> None:
    assert plain(body, people=people) is not None

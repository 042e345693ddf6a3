"""Texts as tokens, and what is found in them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.operations.search.excerpts import EXCERPT_CHARACTERS, excerpt
from chat.operations.search.ranking import score
from chat.operations.search.words import TOKEN_CHARACTERS, hits, term, tokens


def found(text: str, *asked: str, exact: bool = False) -> list[str]:
    """What is marked in `text` for these words."""
    terms = [found for word in asked if (found := term(word, exact=exact)) is not None]
    return [text[start:end] for start, end in hits(text, terms)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't panic: v1.2, foo_bar!", ["don", "t", "panic", "v1", "2", "foo", "bar"]),
        ("Café — ŁÓDŹ ＡＢＣ", ["cafe", "łodz", "abc"]),
        ("Straße İstanbul", ["strasse", "istanbul"]),
        ("今天天气", ["今天", "天天", "天气", "气"]),
        ("東京タワーへ go", ["東京", "京タ", "タワ", "ワー", "ーへ", "へ", "go"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("🎉 --- <>", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("We deploy. Deployment is done, redeploy.", "deploy", ["deploy", "Deployment"]),
        ("It is an issue", "is", ["is"]),
        ("CAFÉ and cafe", "café", ["CAFÉ", "cafe"]),
        ("我今天去北京", "今天", ["今天"]),
        ("我今天去北京", "北京去", []),
        ("我今天去北京", "京", ["京"]),
        ("我今天去北京", "天", ["天"]),
        ("file foo-bar.txt here", "foo-bar", ["foo-bar"]),
        ("it is e.g. so", "e.g.", ["e.g"]),
        ("สวัสดีครับ", "ครับ", ["ครับ"]),
        ("고등학교에서", "학교", ["학교"]),
    ],
)
def test_a_word_is_found(text: str, word: str, expected: list[str]) -> None:
    assert found(text, word) == expected


def test_exact_words_are_not_beginnings() -> None:
    assert found("deploy deployment", "deploy", exact=True) == ["deploy"]
    assert found("the night run was long", "night run", exact=True) == ["night run"]
    assert found("the night was a long run", "night run", exact=True) == []


def test_marks_never_overlap() -> None:
    assert found("deployment", "deploy", "deployment") == ["deployment"]


def test_a_word_of_marks_alone_or_without_end_is_cut_at_once() -> None:
    before = time.process_time()
    tokens("\u0301\u0316" * 8_000)
    tokens("a" + "\u0301\u0316" * 8_000)
    tokens("ก" + "ุ่" * 8_000)
    assert time.process_time() - before < 2
    assert [len(token.text) for token in tokens("x" * 16_000)] == [TOKEN_CHARACTERS]


@given(st.text(max_size=200))
def test_every_token_holds_only_what_both_databases_take_as_one(text: str) -> None:
    for token in tokens(text):
        assert token.text
        assert not set(token.text) & set(" '\"=\\:*&|!()<>")
        assert 0 <= token.start < token.end <= len(text)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_whatever_was_said_is_found_by_its_own_words(word: str) -> None:
    said = term(word)
    if said is not None:
        assert hits(f"so {word} it is", [said])


# What a hit shows ------------------------------------------------------------------------------


def shown(text: str, word: str) -> str:
    wanted = term(word)
    assert wanted is not None
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in excerpt(text, [wanted]))


def test_a_short_text_is_shown_whole() -> None:
    assert shown("Lunch at noon, and lunch again", "lunch") == "[Lunch] at noon, and [lunch] again"


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    text = "before " * 100 + "needle" + " behind" * 100
    excerpted = shown(text, "needle")
    assert excerpted.startswith("…before ")
    assert "[needle]" in excerpted
    assert excerpted.endswith(" behind…")
    assert len(excerpted) < EXCERPT_CHARACTERS + 10


@given(st.text(max_size=600), st.sampled_from(["a", "needle", "x y"]))
def test_what_is_shown_is_part_of_the_text(text: str, word: str) -> None:
    wanted = term(word)
    assert wanted is not None
    pieces = list(excerpt(text, [wanted]))
    joined = "".join(piece.text for piece in pieces)
    assert joined.removeprefix("…").removesuffix("…") in text or joined in text


def test_what_says_it_often_shortly_and_in_order_fits_best() -> None:
    terms = [found for word in ("night", "run") if (found := term(word)) is not None]
    best = [
        "night run",
        "run of the night",
        "the night was long, " + "and so on, " * 30 + "so we run",
        "nightly runner",
    ]
    assert sorted(best, key=lambda body: -score(body, terms))[0] == "night run"
    assert score("night night run", terms) > score("night run" + " so" * 30, terms)

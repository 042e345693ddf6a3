"""Which characters are one emoji, and what they are called."""

import pytest

from chat.protocol import emoji


@pytest.mark.parametrize("said", ["👍", "🎉", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽", "👩🏽‍🚀"])
def test_an_emoji_is_taken_as_it_is(said: str) -> None:
    assert emoji.canonical(said) == said


def test_text_and_picture_presentation_are_one_emoji() -> None:
    assert emoji.canonical("👍\ufe0f") == "👍"
    assert emoji.canonical("❤") == emoji.canonical("❤️") == "❤️"


@pytest.mark.parametrize(
    "said", ["", "a", "👍👍", "👍 ", ":+1:", "😀🏽", "🏽", "\ufe0f", "\0", "<b>", "👍" * 100, "\ud800"]
)
def test_what_is_not_one_emoji_is_none(said: str) -> None:
    assert emoji.canonical(said) is None


def test_names_are_found_however_they_are_spelled() -> None:
    assert emoji.named("tada") == emoji.named("TADA") == "🎉"
    assert emoji.named("+1") == "👍"
    assert emoji.named("no such name") is None


def test_a_name_may_tell_the_tone_of_skin() -> None:
    assert emoji.named("wave::skin-tone-2") == "👋🏻"
    assert emoji.named("wave::skin-tone-6") == "👋🏿"
    assert all(emoji.canonical(emoji.named(f"{name}::skin-tone-4") or "") for name in ("+1", "wave", "pray"))
    for name in ("tada::skin-tone-3", "wave::skin-tone-1", "wave::skin-tone-7", "wave::skin-tone-", "::skin-tone-2"):
        assert emoji.named(name) in (None, "👋")


def test_a_name_stands_for_one_emoji() -> None:
    names = [name for _, names, *_ in emoji._rows() for name in names]
    assert len(names) == len(set(names)) > 3000

"""Finished frames are those that RFC 6455 describes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from chat.streams.frames import text_frame, texts_in


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_is_what_another_library_would_send(size: int) -> None:
    text = "x" * size
    assert text_frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), max_size=8))
def test_joined_frames_come_apart_again(texts: list[str]) -> None:
    assert list(texts_in(b"".join(map(text_frame, texts)))) == texts


def test_long_ones_too() -> None:
    texts = ["é" * 100, "y" * 40_000, "", "\U0001f600" * 30_000]
    assert list(texts_in(b"".join(map(text_frame, texts)))) == texts

"""Frames out of bytes, however they come; what each case of RFC 6455 is, tests/project/rfc6455 says over a server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame

from project.incoming import Fragment, Incoming, Violation
from tests.support.wire import BINARY, CONT, PING, TEXT, frame

payloads = st.binary(max_size=300)
masks = st.binary(min_size=4, max_size=4)


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[Any], bytes]:
    """What is meant, and its frames: text and binary messages in fragments, with pings among these."""
    meant: list[Any] = []
    sent = b""
    for _ in range(draw(st.integers(1, 4))):
        pieces = draw(st.lists(payloads, min_size=1, max_size=4))
        opcode = draw(st.sampled_from([TEXT, BINARY]))
        if opcode == TEXT:
            pieces = [b"".join(pieces).decode("latin-1").encode()]
        for index, piece in enumerate(pieces):
            last = index == len(pieces) - 1
            sent += frame(CONT if index else opcode, piece, fin=last, mask=draw(masks))
            if not last and draw(st.booleans()):
                ping = draw(st.binary(max_size=125))
                sent += frame(PING, ping, mask=draw(masks))
                meant.append(ping)
        whole = b"".join(pieces)
        meant.append(whole.decode() if opcode == TEXT else whole)
    return meant, sent


def everything(incoming: Incoming) -> Iterator[Any]:
    while (received := incoming.next()) is not None:
        if not isinstance(received, Fragment):
            yield received.data if isinstance(received, Frame) else received


@given(messages(), st.lists(st.integers(0, 2000)))
def test_it_makes_no_difference_where_the_bytes_are_cut(messages: tuple[list[Any], bytes], cuts: list[int]) -> None:
    meant, sent = messages
    incoming, received = Incoming(10_000), []
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    for start, end in pairwise(places):
        incoming.feed(sent[start:end])
        received += everything(incoming)
    assert received == meant


@given(st.binary(max_size=200))
def test_of_any_bytes_there_comes_a_message_or_a_violation(data: bytes) -> None:
    incoming = Incoming(100)
    incoming.feed(data)
    try:
        for received in everything(incoming):
            assert len(received if isinstance(received, str | bytes) else "") <= 100
    except Violation as violation:
        assert violation.code in (1002, 1007, 1009)


def test_a_fragment_costs_no_more_than_its_bytes() -> None:
    incoming = Incoming(100_000)
    incoming.feed(frame(TEXT, fin=False))
    for _ in range(100_000):
        incoming.feed(frame(CONT, b"a", fin=False) + frame(CONT, fin=False))
        assert list(everything(incoming)) == []
    assert sys.getsizeof(incoming._message) < 150_000
    incoming.feed(frame(CONT, b"b", fin=False))
    with pytest.raises(Violation):
        list(everything(incoming))

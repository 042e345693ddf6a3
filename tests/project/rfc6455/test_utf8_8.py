"""RFC 6455, section 8.1 (and RFC 3629): text is UTF-8. What is not is told at the end of the message at the latest."""

from __future__ import annotations

import pytest

from tests.support.wire import CONT, PING, TEXT, Wire, command, frame

BAD_TEXT = 1007

VALID = {
    "κόσμε": "κόσμε",
    "first of 2 bytes": "\x80",
    "last of 1 byte": "\x7f",
    "last of 2 bytes": "\u07ff",
    "first of 3 bytes": "\u0800",
    "last before the surrogates": "\ud7ff",
    "first after the surrogates": "\ue000",
    "replacement character": "\ufffd",
    "noncharacter U+FDD0": "\ufdd0",
    "noncharacter U+FFFE": "\ufffe",
    "last of 3 bytes": "\uffff",
    "first of 4 bytes": "\U00010000",
    "noncharacter U+1FFFF": "\U0001ffff",
    "last of all": "\U0010ffff",
    "byte order mark": "\ufeff",
    "combined": "e\u0301👩‍👩‍👧‍👦",
}

INVALID = {
    "continuation alone, first": b"\x80",
    "continuation alone, last": b"\xbf",
    "continuations alone": b"\x80\xbf\x80\xbf\x80\xbf",
    **{f"lead byte {lead:#x} alone": bytes([lead]) + b" " for lead in range(0xC0, 0x100, 3)},
    "2 bytes, the last missing": b"\xc3",
    "3 bytes, the last missing": b"\xe2\x82",
    "3 bytes, two missing": b"\xe2",
    "4 bytes, the last missing": b"\xf0\x9f\x98",
    "4 bytes, three missing": b"\xf0",
    "overlong / in 2": b"\xc0\xaf",
    "overlong / in 3": b"\xe0\x80\xaf",
    "overlong / in 4": b"\xf0\x80\x80\xaf",
    "overlong / in 5": b"\xf8\x80\x80\x80\xaf",
    "overlong / in 6": b"\xfc\x80\x80\x80\x80\xaf",
    "overlong NUL": b"\xc0\x80",
    "longest overlong in 2": b"\xc1\xbf",
    "longest overlong in 3": b"\xe0\x9f\xbf",
    "longest overlong in 4": b"\xf0\x8f\xbf\xbf",
    "first surrogate": b"\xed\xa0\x80",
    "last high surrogate": b"\xed\xaf\xbf",
    "first low surrogate": b"\xed\xb0\x80",
    "last surrogate": b"\xed\xbf\xbf",
    "pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "U+110000": b"\xf4\x90\x80\x80",
    "U+1FFFFF": b"\xf7\xbf\xbf\xbf",
    "5 bytes": b"\xf8\x88\x80\x80\x80",
    "6 bytes": b"\xfc\x84\x80\x80\x80\x80",
    "0xfe": b"\xfe",
    "0xff": b"\xff",
    "Autobahn's": b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_8_1_text_arrives_as_it_was_sent(wire: Wire, text: str) -> None:
    wire.send(frame(TEXT, command(text)))
    assert wire.ref() == text


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_5_6_fragments_may_cut_a_character(wire: Wire, text: str) -> None:
    whole = command(text)
    for cut in range(1, len(whole)):
        wire.send(frame(TEXT, whole[:cut], fin=False), frame(PING), frame(CONT, whole[cut:]))
        assert (pong := wire.frame()) and pong.opcode == 0xA
        assert wire.ref() == text


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID)
def test_8_1_what_is_not_utf8_closes(wire: Wire, payload: bytes) -> None:
    wire.send(frame(TEXT, b'{"op":"ping","ref":"' + payload + b'"}'))
    assert wire.closed() == BAD_TEXT


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID)
def test_8_1_also_at_the_very_end(wire: Wire, payload: bytes) -> None:
    wire.send(frame(TEXT, payload.rstrip()))
    assert wire.closed() == BAD_TEXT


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID)
def test_8_1_also_a_byte_in_each_fragment(wire: Wire, payload: bytes) -> None:
    wire.send(frame(TEXT, b'"', fin=False), *[frame(CONT, bytes([byte]), fin=False) for byte in payload])
    wire.send(frame(CONT, b'"'))
    assert wire.closed() == BAD_TEXT


def test_8_1_characters_do_not_reach_over_messages(wire: Wire) -> None:
    wire.send(frame(TEXT, b"\xc3"), frame(TEXT, b"\xa9"))
    assert wire.closed() == BAD_TEXT

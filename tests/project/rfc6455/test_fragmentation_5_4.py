"""RFC 6455, section 5.4: messages in fragments, and what may stand between those."""

from __future__ import annotations

import pytest

from chat.protocol.limits import FRAME_BYTES
from tests.support.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, Wire, close, command, frame, head_of

PROTOCOL_ERROR, TOO_BIG, BAD_FRAME = 1002, 1009, 4400
WHOLE = command("in pieces")


def fragments(*pieces: bytes, opcode: int = TEXT) -> list[bytes]:
    """The frames of one message."""
    last = len(pieces) - 1
    return [frame(CONT if index else opcode, piece, fin=index == last) for index, piece in enumerate(pieces)]


PIECES: dict[str, list[bytes]] = {
    "two": [WHOLE[:5], WHOLE[5:]],
    "three": [WHOLE[:5], WHOLE[5:9], WHOLE[9:]],
    "a byte each": [bytes([byte]) for byte in WHOLE],
    "first empty": [b"", WHOLE],
    "last empty": [WHOLE, b""],
    "middle empty": [WHOLE[:5], b"", WHOLE[5:]],
    "all but one empty": [b"", b"", WHOLE, b"", b""],
    "many": [WHOLE[:5], *[b""] * 5000, WHOLE[5:]],
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
def test_fragments_make_one_message(wire: Wire, pieces: list[bytes]) -> None:
    wire.send(*fragments(*pieces))
    assert wire.ref() == "in pieces"
    assert wire.is_open()


def test_fragments_may_come_in_segments_of_their_own(wire: Wire) -> None:
    for data in fragments(*PIECES["three"]):
        wire.send(data)
    assert wire.ref() == "in pieces"


def test_a_message_may_come_byte_by_byte(wire: Wire) -> None:
    wire.send_bytewise(frame(TEXT, WHOLE))
    assert wire.ref() == "in pieces"
    wire.send_bytewise(b"".join(fragments(*PIECES["middle empty"])))
    assert wire.ref() == "in pieces"
    wire.send_bytewise(frame(TEXT, command("with a longer head", 300)))
    assert wire.ref() == "with a longer head"


def test_many_messages_may_come_in_one_segment(wire: Wire) -> None:
    wire.send(*[frame(TEXT, command(str(number))) for number in range(300)])
    assert [wire.ref() for _ in range(300)] == [str(number) for number in range(300)]


def test_an_empty_message_in_fragments_is_an_empty_message(wire: Wire) -> None:
    wire.send(*fragments(b"", b"", b""))
    assert wire.closed() == BAD_FRAME, "no JSON object"


def test_a_ping_between_fragments_is_answered_at_once(wire: Wire) -> None:
    first, second, third = fragments(*PIECES["three"])
    wire.send(first, frame(PING, b"one"))
    pong = wire.frame()
    assert pong and (pong.opcode, pong.payload) == (PONG, b"one")
    wire.send(second, frame(PING, b"two"), third)
    pong = wire.frame()
    assert pong and (pong.opcode, pong.payload) == (PONG, b"two")
    assert wire.ref() == "in pieces"


def test_a_pong_between_fragments_is_ignored(wire: Wire) -> None:
    first, second, third = fragments(*PIECES["three"])
    wire.send(first, frame(PONG), second, frame(PONG, b"unasked"), third)
    assert wire.ref() == "in pieces"


def test_a_close_between_fragments_is_a_close(wire: Wire) -> None:
    wire.send(fragments(*PIECES["two"])[0], close(1000))
    assert wire.closed() == 1000


OUT_OF_TURN: dict[str, list[bytes]] = {
    "a continuation first": [frame(CONT, WHOLE)],
    "an unfinished continuation first": [frame(CONT, WHOLE, fin=False)],
    "an empty continuation first": [frame(CONT)],
    "a continuation after a message": [*fragments(*PIECES["two"]), frame(CONT, WHOLE)],
    "a continuation after a message in one piece": [frame(TEXT, WHOLE), frame(CONT, b"", fin=False)],
    "a continuation after a ping": [frame(PING), frame(CONT, WHOLE)],
    "text inside of text": [frame(TEXT, b"{", fin=False), frame(TEXT, WHOLE)],
    "fragmented text inside of text": [frame(TEXT, b"{", fin=False), frame(TEXT, WHOLE, fin=False)],
    "text after an empty fragment": [frame(TEXT, b"", fin=False), frame(TEXT, WHOLE)],
    "text inside of binary": [frame(BINARY, b"{", fin=False), frame(TEXT, WHOLE)],
    "binary inside of text": [frame(TEXT, b"{", fin=False), frame(CONT, b"}", fin=False), frame(BINARY, b"")],
    "told before the payload comes": [frame(TEXT, b"{", fin=False), head_of(TEXT, WHOLE)],
}


@pytest.mark.parametrize("frames", OUT_OF_TURN.values(), ids=OUT_OF_TURN)
def test_frames_out_of_turn(wire: Wire, frames: list[bytes]) -> None:
    wire.send(*frames)
    assert wire.closed() == PROTOCOL_ERROR


def test_the_size_of_a_message_counts_not_that_of_a_fragment(wire: Wire) -> None:
    text = command("as large as may be", FRAME_BYTES)
    wire.send(*fragments(text[:100_000], text[100_000:200_000], text[200_000:]))
    assert wire.ref() == "as large as may be"
    wire.send(*fragments(text[:100_000], text[100_000:])[:1], head_of(CONT, text[100_000:] + b" "))
    assert wire.closed() == TOO_BIG


def test_nothing_is_left_of_a_message_in_the_next(wire: Wire) -> None:
    text = command("once more", FRAME_BYTES)
    for _ in range(3):
        wire.send(*fragments(text[:100_000], text[100_000:]))
        assert wire.ref() == "once more"
    wire.send(frame(CLOSE))
    assert wire.closed() is None

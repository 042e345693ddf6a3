"""RFC 6455, sections 5.1, 5.2 and 5.6: the head of a frame, masking, and what a message may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chat.protocol.limits import FRAME_BYTES
from tests.support.wire import BINARY, CLOSE, CONT, PING, PONG, TEXT, Received, Wire, close, command, frame, head_of

PROTOCOL_ERROR, TOO_BIG, BAD_FRAME = 1002, 1009, 4400
BOUNDARIES = [125, 126, 127, 128, 65534, 65535, 65536, 65537, FRAME_BYTES]


@pytest.mark.parametrize("size", BOUNDARIES)
def test_5_2_a_payload_of_any_length_is_read(wire: Wire, size: int) -> None:
    wire.send(frame(TEXT, command(f"of {size}", size)))
    assert wire.ref() == f"of {size}"


@pytest.mark.parametrize("size", BOUNDARIES[:-1])
def test_5_2_the_answer_has_the_shortest_length_no_mask_and_no_reserved_bit(wire: Wire, size: int) -> None:
    blank = len(command(""))  # a `pong` is as long as its command
    wire.send(frame(TEXT, command("x" * (size - blank))))
    received = wire.frame()
    assert received and len(received.payload) == size
    assert received.head == frame(TEXT, received.payload, mask=None)[: len(received.head)]


def test_5_2_an_empty_payload_is_read(wire: Wire) -> None:
    wire.send(frame(PING))
    assert wire.frame() == Received(bytes([0x80 | PONG, 0]), b"")
    wire.send(frame(TEXT))
    assert wire.closed() == BAD_FRAME, "no JSON object"


LONGER_THAN_NEED_BE = {
    f"5.2-{name} of {size} in {width} bits": frame(opcode, payload, width=width)
    for name, opcode in [("text", TEXT), ("binary", BINARY), ("ping", PING), ("pong", PONG), ("close", CLOSE)]
    for size, width in [(0, 16), (2, 16), (125, 16), (0, 64), (125, 64), (126, 64), (65535, 64)]
    if size < 126 or opcode in (TEXT, BINARY)
    for payload in [(b"\x03\xe8" + b"x" * 65535)[:size]]
}


@pytest.mark.parametrize("data", LONGER_THAN_NEED_BE.values(), ids=LONGER_THAN_NEED_BE)
def test_5_2_the_length_has_as_few_bytes_as_do(wire: Wire, data: bytes) -> None:
    wire.send(data)
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("length", [1 << 63, (1 << 63) + 5, (1 << 64) - 1])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_5_2_the_top_bit_of_a_length_is_0(wire: Wire, opcode: int, length: int) -> None:
    wire.send(frame(opcode, length=length, width=64))
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("length", [FRAME_BYTES + 1, 1 << 31, 1 << 32, (1 << 63) - 1])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_10_4_too_long_is_told_before_the_payload_comes(wire: Wire, opcode: int, length: int) -> None:
    wire.send(frame(opcode, length=length))
    assert wire.closed() == TOO_BIG


WRONG_HEADS: dict[str, bytes] = {
    **{f"5.2-RSV {rsv:03b} in {opcode:#x}": head_of(opcode, b"12345", rsv=rsv)
       for rsv in range(1, 8) for opcode in (TEXT, BINARY, CLOSE, PING, PONG)},
    **{f"5.2-reserved opcode {opcode:#x}": head_of(opcode, payload)
       for opcode in (*range(3, 8), *range(11, 16)) for payload in (b"", b"12345")},
    **{f"5.2-reserved opcode {opcode:#x} without FIN": head_of(opcode, b"12345", fin=False)
       for opcode in (*range(3, 8), *range(11, 16))},
    **{f"5.1-{opcode:#x} without mask": head_of(opcode, payload, mask=None)
       for opcode in (TEXT, BINARY, CLOSE, PING, PONG) for payload in (b"", b"12345")},
}  # fmt: skip


@pytest.mark.parametrize("data", WRONG_HEADS.values(), ids=WRONG_HEADS)
def test_5_2_what_is_wrong_with_a_head_is_told_before_the_payload_comes(wire: Wire, data: bytes) -> None:
    wire.send(data)
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("rsv", range(1, 8))
def test_5_2_reserved_bits_in_a_continuation(wire: Wire, rsv: int) -> None:
    wire.send(frame(TEXT, b"{", fin=False), head_of(CONT, b"12345", rsv=rsv))
    assert wire.closed() == PROTOCOL_ERROR


def test_5_2_after_a_violation_what_follows_is_not_read(wire: Wire) -> None:
    wire.send(frame(TEXT, command("a"), rsv=1), frame(PING, b"b"), frame(TEXT, command("c")))
    first = wire.frame()
    assert first and (first.opcode, first.code) == (CLOSE, PROTOCOL_ERROR)
    assert wire.frame() is None


@pytest.mark.parametrize("mask", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01", b"\x81\x85\x00\xff"])
def test_5_3_any_mask_will_do(wire: Wire, mask: bytes) -> None:
    wire.send(frame(TEXT, command("who is behind it?", 300), mask=mask))
    assert wire.ref() == "who is behind it?"


@pytest.mark.parametrize("payload", [b"", b'{"op":"ping","ref":"1"}', b"\xff\xfe", bytes(FRAME_BYTES)])
def test_5_6_a_binary_message_is_no_frame_of_the_protocol(wire: Wire, payload: bytes) -> None:
    wire.send(frame(BINARY, payload))
    assert wire.closed() == BAD_FRAME


def test_5_6_nor_is_one_in_fragments(wire: Wire) -> None:
    wire.send(frame(BINARY, b"\xff", fin=False), frame(CONT, b"\xfe"))
    assert wire.closed() == BAD_FRAME


def test_5_every_frame_of_the_server_is_unmasked(open_wire: Callable[[], Wire]) -> None:
    def heads(*sent: bytes) -> list[Any]:
        wire = open_wire()
        wire.send(*sent)
        received = [wire.frame()]
        while (last := received[-1]) and last.opcode != CLOSE:
            received.append(wire.frame())
        return [one.head for one in received if one]

    for head in [*heads(frame(PING, b"1"), frame(TEXT, b"no JSON")), *heads(close(1000)), *heads(b"\xff\xff")]:
        assert head[0] & 0x70 == 0 and head[1] & 0x80 == 0

"""RFC 6455, sections 5.5, 5.5.2 and 5.5.3: control frames, Ping and Pong. Close has a file of its own."""

from __future__ import annotations

import pytest

from tests.support.wire import CLOSE, PING, PONG, TEXT, Wire, command, frame, head_of

PROTOCOL_ERROR = 1002
PAYLOADS = {
    "empty": b"",
    "text": b"hello",
    "not UTF-8": b"\xfe\xff\xc0",
    "every byte": bytes(range(125)),
    "the longest": b"\xff" * 125,
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_5_5_3_a_pong_has_the_payload_of_its_ping(wire: Wire, payload: bytes) -> None:
    wire.send(frame(PING, payload))
    pong = wire.frame()
    assert pong and pong.head == bytes([0x80 | PONG, len(payload)]) and pong.payload == payload


def test_5_5_2_a_ping_may_come_byte_by_byte(wire: Wire) -> None:
    wire.send_bytewise(frame(PING, b"slowly"))
    pong = wire.frame()
    assert pong and (pong.opcode, pong.payload) == (PONG, b"slowly")


@pytest.mark.parametrize("opcode", [CLOSE, PING, PONG])
@pytest.mark.parametrize("size", [126, 127, 65536])
def test_5_5_more_than_125_bytes_are_told_before_they_come(wire: Wire, opcode: int, size: int) -> None:
    wire.send(head_of(opcode, bytes(size)))
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [CLOSE, PING, PONG])
@pytest.mark.parametrize("payload", [b"", b"\x03\xe8half"])
def test_5_5_a_control_frame_is_not_fragmented(wire: Wire, opcode: int, payload: bytes) -> None:
    wire.send(head_of(opcode, payload, fin=False))
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("payload", [b"", b"unasked", b"\xff" * 125])
def test_5_5_3_a_pong_that_nobody_asked_for_is_ignored(wire: Wire, payload: bytes) -> None:
    wire.send(frame(PONG, payload), frame(PONG, payload))
    assert wire.is_open()


def test_5_5_3_of_several_pings_the_latest_is_answered(wire: Wire) -> None:
    sent = [b"%d" % number for number in range(10)]
    wire.send(*[frame(PING, payload) for payload in sent])
    answered: list[bytes] = []
    while sent[-1] not in answered:
        pong = wire.frame()
        assert pong and pong.opcode == PONG
        answered.append(pong.payload)
    assert answered == [payload for payload in sent if payload in answered], "in their order"


def test_5_5_2_pings_and_messages_are_answered_side_by_side(wire: Wire) -> None:
    wire.send(*[frame(PING, b"p") + frame(TEXT, command("t")) for _ in range(20)])
    answers = [wire.frame() for _ in range(40)]
    assert sorted(answer.opcode for answer in answers if answer) == [TEXT] * 20 + [PONG] * 20
    assert wire.is_open()

"""RFC 6455, sections 5.5.1 and 7: the closing handshake, status codes, and connections that end otherwise."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable

import pytest

from tests.support.wire import BINARY, CLOSE, PING, TEXT, WAIT_SECONDS, Wire, close, command, frame

PROTOCOL_ERROR, BAD_TEXT, BAD_FRAME = 1002, 1007, 4400
DROPPED_SECONDS = 5.0
"""After this time whoever does not finish the closing handshake is cut."""

VALID = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
INVALID = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535]
REASONS = {"none": b"", "ASCII": b"bye", "UTF-8": "bye – κόσμε 😀".encode(), "the longest": b"x" * 123}
BAD_REASONS = {
    "7.1.6-overlong": b"\xc0\xaf",
    "7.1.6-surrogate": b"\xed\xa0\x80",
    "7.1.6-truncated": b"bye \xe2\x82",
    "7.1.6-beyond U+10FFFF": b"\xf4\x90\x80\x80",
    "7.1.6-at the very end": b"x" * 122 + b"\xff",
}


@pytest.mark.parametrize("code", VALID)
def test_7_4_a_status_code_is_echoed(wire: Wire, code: int) -> None:
    wire.send(close(code))
    assert wire.closed() == code


@pytest.mark.parametrize("code", INVALID)
def test_7_4_a_status_code_that_may_not_be_sent(wire: Wire, code: int) -> None:
    wire.send(close(code, b"why not?"))
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_5_5_1_a_close_with_a_reason(wire: Wire, reason: bytes) -> None:
    wire.send(close(1000, reason))
    assert wire.closed() == 1000


def test_5_5_1_a_close_without_a_body_is_answered_without(wire: Wire) -> None:
    wire.send(frame(CLOSE))
    assert wire.closed() is None


def test_5_5_1_a_body_of_one_byte(wire: Wire) -> None:
    wire.send(frame(CLOSE, b"\x03"))
    assert wire.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("reason", BAD_REASONS.values(), ids=BAD_REASONS)
def test_5_5_1_a_reason_that_is_not_utf8(wire: Wire, reason: bytes) -> None:
    wire.send(close(1000, reason))
    assert wire.closed() == BAD_TEXT


def test_5_5_1_a_close_may_come_byte_by_byte(wire: Wire) -> None:
    wire.send_bytewise(close(1001, b"slowly"))
    assert wire.closed() == 1001


AFTER = {
    "a message": frame(TEXT, command("late")),
    "a ping": frame(PING, b"late"),
    "another close": close(1001),
    "a violation": b"\xff" * 20,
    "half a frame": frame(TEXT, command("late"))[:5],
    "much": frame(BINARY, bytes(250_000)),
}


@pytest.mark.parametrize("data", AFTER.values(), ids=AFTER)
def test_1_4_what_comes_after_a_close_is_discarded(wire: Wire, data: bytes) -> None:
    wire.send(close(1000), data)
    wire.send(data)
    first = wire.frame()
    assert first and (first.opcode, first.code) == (CLOSE, 1000)
    assert wire.frame() is None


@pytest.mark.parametrize("data", [close(1000), frame(CLOSE), b"\xff\xff"], ids=["closed", "without a body", "broken"])
def test_7_1_1_the_server_ends_the_stream_first_and_at_once(wire: Wire, data: bytes) -> None:
    begun = time.monotonic()
    wire.send(data)
    assert wire.frame() is not None
    assert wire.frame() is None, "while this end is open"
    assert time.monotonic() - begun < DROPPED_SECONDS / 2


def test_5_5_1_pings_are_answered_until_the_close_is_complete(wire: Wire) -> None:
    wire.send(frame(TEXT, b"no JSON"), frame(PING, b"still here"))
    received = [wire.frame()]
    while (last := received[-1]) and last.payload != b"still here":
        received.append(wire.frame())
    assert last, "the pong came"
    assert last.opcode == 0xA


def test_7_1_2_the_connection_ends_as_soon_as_the_close_is_answered(wire: Wire) -> None:
    begun = time.monotonic()
    wire.send(frame(TEXT, b"no JSON"))
    assert wire.closed() == BAD_FRAME
    assert time.monotonic() - begun < DROPPED_SECONDS / 2


def test_7_1_7_who_goes_on_sending_after_a_violation_still_hears_why(wire: Wire) -> None:
    wire.send(b"\xff\xff", bytes(200_000))
    for _ in range(20):
        wire.send(bytes(200_000))
    assert wire.closed() == PROTOCOL_ERROR


def seconds_until_cut(wire: Wire) -> float:
    """Sends now and then until nobody takes it any more."""
    begun = time.monotonic()
    with pytest.raises(ConnectionError):
        while time.monotonic() - begun < 3 * DROPPED_SECONDS:
            wire.send(b"\0")
            time.sleep(0.05)
    return time.monotonic() - begun


def test_7_1_1_who_does_not_finish_the_closing_is_cut_in_bounded_time(open_wire: Callable[[], Wire]) -> None:
    told, broken, polite = open_wire(), open_wire(), open_wire()
    begun = time.monotonic()
    told.send(frame(TEXT, b"no JSON"))
    broken.send(b"\xff\xff")
    polite.send(close(1000))
    for wire in (told, broken, polite):
        while (received := wire.frame()) and received.opcode != CLOSE:
            pass
        assert received, "it is told"
    seconds_until_cut(told)
    seconds_until_cut(broken)
    seconds_until_cut(polite)
    assert DROPPED_SECONDS / 2 < time.monotonic() - begun < 2 * DROPPED_SECONDS


def test_7_1_5_half_closed_without_a_close_frame(open_wire: Callable[[], Wire]) -> None:
    idle, halfway = open_wire(), open_wire()
    halfway.send(frame(TEXT, command("half"))[:-3])
    for wire in (idle, halfway):
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.closed() == 1006


def test_7_1_1_half_closed_after_the_close_frame(wire: Wire) -> None:
    wire.send(close(1000))
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.closed() == 1000


def test_4_half_closed_after_the_handshake(connect: Callable[[], Wire], handshake: Callable[..., bytes]) -> None:
    wire = connect()
    wire.send(handshake())
    wire.socket.shutdown(socket.SHUT_WR)
    wire.socket.settimeout(WAIT_SECONDS)
    while wire.socket.recv(65536):
        pass


def test_7_1_5_a_reset_does_no_harm(open_wire: Callable[[], Wire]) -> None:
    wire = open_wire()
    wire.send(frame(TEXT, command("gone"))[:9])
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.__exit__()
    assert open_wire().is_open()

"""What a client's bytes say (RFC 6455, sections 5 to 8). Knows no connection.

The library's own parser takes a payload in before it looks at its frame, takes lengths in any form, and keeps each
fragment of a message as an object: a message of one byte each cost fifty times its size.
"""

from __future__ import annotations

from typing import Final

from websockets.exceptions import ProtocolError
from websockets.frames import Close, CloseCode, Frame, Opcode, apply_mask

CONTROL: Final = 0x8  # opcodes from here on
RESERVED_BITS: Final = 0x70
SHORT_LENGTH: Final = 125  # the longest in a head of two bytes, and of a control frame
OPCODES: Final = frozenset(Opcode)


class Violation(Exception):
    """Why the connection is to be failed (section 7.1.7)."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Fragment:
    """Of a message that is not complete yet."""


FRAGMENT: Final = Fragment()


class Incoming:
    """Takes bytes as they come, gives text and binary messages, and control frames in between."""

    __slots__ = ("_buffer", "_max_bytes", "_message", "_opcode")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._opcode: int | None = None  # of the message whose fragments are coming in
        self._message = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next(self) -> str | bytes | Frame | Close | Fragment | None:
        """What the next frame completes, FRAGMENT if nothing; None until the rest of it has come.

        Raises:
            Violation: and nothing that follows may be read.
        """
        head = self._head()
        if head is None:
            return None
        opcode, fin, start, length = head
        end = start + length
        if len(self._buffer) < end:
            return None
        payload = apply_mask(self._buffer[start:end], self._buffer[start - 4 : start])
        del self._buffer[:end]
        if opcode >= CONTROL:
            return parsed_close(payload) if opcode == Opcode.CLOSE else Frame(Opcode(opcode), payload)
        if fin and self._opcode is None:
            return text(payload) if opcode == Opcode.TEXT else payload
        return self._assembled(opcode, fin, payload)

    def _head(self) -> tuple[int, bool, int, int] | None:
        """Opcode, FIN, where the payload begins and how long it is; None while the head is not complete.

        What is wrong with a frame is told by its head, before its payload is taken in.
        """
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        opcode, fin, length, start = first & 0x0F, first >= 0x80, second & 0x7F, 2
        self._check(first, second)
        if length > SHORT_LENGTH:
            start += 2 if length == 126 else 8
            if len(buffer) < start:
                return None
            length = int.from_bytes(buffer[2:start])
            if length <= (SHORT_LENGTH if start == 4 else 0xFFFF) or length >> 63:
                raise Violation(CloseCode.PROTOCOL_ERROR, "a length in another form than its own")
        if opcode < CONTROL and len(self._message) + length > self._max_bytes:
            raise Violation(CloseCode.MESSAGE_TOO_BIG, f"a message takes {self._max_bytes} bytes at most")
        return opcode, fin, start + 4, length

    def _check(self, first: int, second: int) -> None:
        """The first two bytes of a head (section 5.2), and whether it is the turn of such a frame (section 5.4)."""
        opcode = first & 0x0F
        fault = None
        if first & RESERVED_BITS:
            fault = "reserved bits"
        elif opcode not in OPCODES:
            fault = "a reserved opcode"
        elif second < 0x80:
            fault = "no mask"
        elif opcode >= CONTROL:
            if first < 0x80:
                fault = "a fragmented control frame"
            elif second & 0x7F > SHORT_LENGTH:
                fault = "a control frame too long"
        elif (opcode == Opcode.CONT) != (self._opcode is not None):
            fault = "a continuation of nothing" if opcode == Opcode.CONT else "a message within another"
        if fault:
            raise Violation(CloseCode.PROTOCOL_ERROR, fault)

    def _assembled(self, opcode: int, fin: bool, payload: bytes) -> str | bytes | Fragment:
        if self._opcode is None:
            self._opcode = opcode
        self._message += payload
        if not fin:
            return FRAGMENT
        message, opcode = bytes(self._message), self._opcode
        self._opcode, self._message = None, bytearray()
        return text(message) if opcode == Opcode.TEXT else message


def text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise Violation(CloseCode.INVALID_DATA, "text that is not UTF-8") from None


def parsed_close(payload: bytes) -> Close:
    """Of a Close frame (section 5.5.1); its code is NO_STATUS_RCVD when it has no body."""
    try:
        return Close.parse(payload)
    except UnicodeDecodeError:
        raise Violation(CloseCode.INVALID_DATA, "a reason that is not UTF-8") from None
    except ProtocolError as error:
        raise Violation(CloseCode.PROTOCOL_ERROR, str(error)) from None

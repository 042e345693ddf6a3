"""Finished WebSocket frames (RFC 6455, section 5.2): encoded once, written to any number of sockets."""

import struct
from collections.abc import Iterator

_TEXT_FINAL = 0x81


def text_frame(text: str) -> bytes:
    """One unfragmented, unmasked text frame: the same bytes for every client."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((_TEXT_FINAL, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", _TEXT_FINAL, 126, size) + payload
    return struct.pack("!BBQ", _TEXT_FINAL, 127, size) + payload


def texts_in(buffer: bytes) -> Iterator[str]:
    """The texts of joined frames, for servers that take no finished ones."""
    start = 0
    while start < len(buffer):
        size, start = buffer[start + 1], start + 2
        if size == 126:
            (size,) = struct.unpack_from("!H", buffer, start)
            start += 2
        elif size == 127:
            (size,) = struct.unpack_from("!Q", buffer, start)
            start += 8
        yield buffer[start : start + size].decode()
        start += size

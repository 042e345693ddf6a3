"""A WebSocket client that hides nothing: every bit of a frame can be set, every byte that comes back is seen."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from dataclasses import dataclass
from typing import Any, Self

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
MASK = b"\x37\xfa\x21\x3d"  # of the examples in RFC 6455, section 5.7
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # and of section 1.3
WAIT_SECONDS = 10.0
ABNORMAL = 1006


def masked(payload: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)) if any(mask) else payload


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bytes | None = MASK,
    length: int | None = None,
    width: int | None = None,
) -> bytes:
    """A frame (section 5.2). `length`: what its head says instead of the truth. `width`: 7, 16 or 64 bits for it,
    instead of as few as do."""
    length = len(payload) if length is None else length
    width = width or (7 if length < 126 else 16 if length < 65536 else 64)
    flag = 0 if mask is None else 0x80
    head = bytes([fin << 7 | rsv << 4 | opcode, flag | {7: length, 16: 126, 64: 127}[width]])
    head += {7: b"", 16: struct.pack("!H", length & 0xFFFF), 64: struct.pack("!Q", length)}[width]
    return head + payload if mask is None else head + mask + masked(payload, mask)


def head_of(*arguments: Any, **options: Any) -> bytes:
    """The same without the payload, which is for ever under way."""
    payload = arguments[1] if len(arguments) > 1 else b""
    whole = frame(*arguments, **options)
    return whole[: len(whole) - len(payload)]


def close(code: int, reason: bytes = b"", **options: Any) -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason, **options)


def command(ref: str, size: int = 0) -> bytes:
    """The text of a command whose answer, a `pong`, carries `ref`; blanks at its end make it `size` bytes long."""
    return json.dumps({"op": "ping", "ref": ref}, ensure_ascii=False, separators=(",", ":")).encode().ljust(size)


@dataclass(frozen=True)
class Received:
    """A frame of the server's. `head`: its bytes before the payload."""

    head: bytes
    payload: bytes

    @property
    def opcode(self) -> int:
        return self.head[0] & 0x0F

    @property
    def code(self) -> int | None:
        """Of a Close frame; None when it has no body."""
        return int.from_bytes(self.payload[:2], "big") if self.payload else None


@dataclass(frozen=True)
class Answer:
    """Of the server to a handshake. `headers`: in order, names in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for held, value in self.headers if held == name.lower()]


class Wire:
    """One TCP connection to a server."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()
        self.socket.close()

    def send(self, *pieces: bytes) -> None:
        """All in one TCP segment, as far as they fit."""
        self.socket.sendall(b"".join(pieces))

    def send_bytewise(self, data: bytes) -> None:
        """Each byte in a segment of its own."""
        for byte in data:
            self.socket.sendall(bytes([byte]))

    def answer(self) -> Answer:
        """What HTTP says: the next head, and the body that it announces."""
        lines = [line.decode("latin-1").rstrip("\r\n") for line in iter(self._stream.readline, b"\r\n")]
        pairs = (line.partition(":") for line in lines[1:])
        headers = [(name.lower(), value.strip()) for name, _, value in pairs]
        body = self._stream.read(int(dict(headers).get("content-length", 0)))
        return Answer(int(lines[0].split()[1]), headers, body)

    def frame(self) -> Received | None:
        """The next frame; None at the end of the stream."""
        head = self._stream.read(2)
        if not head:
            return None
        extra = {126: 2, 127: 8}.get(head[1] & 0x7F, 0)
        head += self._stream.read(extra)
        length = int.from_bytes(head[2:], "big") if extra else head[1] & 0x7F
        return Received(head, self._stream.read(length))

    def ref(self) -> str:
        """Of the next frame, which is the `pong` to a command."""
        received = self.frame()
        assert received and received.opcode == TEXT, received
        data = json.loads(received.payload)
        assert data["op"] == "pong", data
        return str(data["ref"])

    def is_open(self) -> bool:
        """Whether a command is answered, with nothing before that."""
        self.send(frame(TEXT, command("are you there?")))
        return self.ref() == "are you there?"

    def closed(self) -> int | None:
        """The code of the server's Close frame, None for one without a body, 1006 where the stream ends without it.

        Answers it, as clients do; nothing may follow.
        """
        while (received := self.frame()) and received.opcode != CLOSE:
            pass
        if received is None:
            return ABNORMAL
        with contextlib.suppress(OSError):  # whoever began to close may be gone
            self.send(frame(CLOSE, received.payload[:2]))
        assert self.frame() is None, "something comes after the Close frame"
        return received.code

"""`python -m benchmarks.steps.far_end PORT SOCKETS`: the clients' end of the sockets, in a process of its own.

Their handshakes come first, then the line `ready` goes out. Each line that comes in is done and answered by one:
`read N` takes N bytes from the sockets altogether; `send N TEXT` sends N text frames by the first of them.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
import sys
import time

SEND_SECONDS = 0.0003
"""Between two frames, so that the server reads each by itself."""


def main(port: int, count: int) -> None:
    sockets = [connect(port) for _ in range(count)]
    ready = selectors.DefaultSelector()
    for each in sockets:
        ready.register(each, selectors.EVENT_READ)
    print("ready", flush=True)
    for line in sys.stdin:
        task, number, *text = line.rstrip("\n").split(" ", 2)
        if task == "read":
            read(ready, int(number))
        else:
            send(sockets[0], int(number), text[0])
        print("done", flush=True)


def connect(port: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.sendall(
        b"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        part = opened.recv(4096)
        if not part:
            raise ConnectionError(f"no handshake: {answer!r}")
        answer += part
    return opened


def read(ready: selectors.BaseSelector, left: int) -> None:
    while left > 0:
        for key, _ in ready.select():
            part = key.fileobj.recv(65536)  # type: ignore[union-attr]
            if not part:
                raise ConnectionError("the server closed a socket")
            left -= len(part)


def send(by: socket.socket, count: int, text: str) -> None:
    payload, mask = text.encode(), os.urandom(4)
    masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
    frame = struct.pack("!BBH", 0x81, 0x80 | 126, len(payload)) + mask + masked  # RFC 6455, section 5.2
    for _ in range(count):
        by.sendall(frame)
        time.sleep(SEND_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

"""How fast the machine is at the moment: others share it, and its speed varies by a factor of two within an hour."""

from __future__ import annotations

import socket
import time
from typing import Final

MESSAGES: Final = 5_000
FRAME: Final = b"\0" * 655
"""As long as the event of a message of 100 bytes."""


def message_us() -> float:
    """CPU of one `send()` and one `recv()` of a frame over a TCP connection within the machine, in µs."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        far, _ = server.accept()
        with far:
            began = time.process_time()
            for _ in range(MESSAGES):
                near.sendall(FRAME)
                far.recv(len(FRAME), socket.MSG_WAITALL)
            return (time.process_time() - began) / MESSAGES * 1e6

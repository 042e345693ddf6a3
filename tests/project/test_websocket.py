"""The WebSocket protocol class: finished frames, back-pressure, and what a broken or silent peer gets."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from chat.protocol.limits import FRAME_BYTES, SLOW_BYTES
from project import ending, websocket
from project.frames import EXTENSION, PAUSE_BYTES, Frames, nowhere
from tests.support.serving import serving

HELLO = b"\x81\x05hello"
BIG = struct.pack("!BBQ", 0x82, 127, 64 * 1024) + bytes(64 * 1024)
HANDSHAKE = (
    b"GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Application:
    """Accepts, runs `talk(frames)`, and then keeps what it receives until the end: in `received`."""

    def __init__(self, talk: Callable[[Frames], Any] | None = None) -> None:
        self.talk = talk
        self.received: queue.Queue[dict[str, Any]] = queue.Queue()
        self.frames: queue.Queue[Frames] = queue.Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        frames = scope["extensions"][EXTENSION]
        frames.write(HELLO)  # too early: nothing may reach the peer before the handshake's answer
        await receive()
        await send({"type": "websocket.accept"})
        self.frames.put(frames)
        if self.talk:
            await self.talk(frames)
        while True:
            message = await receive()
            self.received.put(message)
            if message["type"] == "websocket.disconnect":
                return

    def next(self) -> dict[str, Any]:
        return self.received.get(timeout=10)


def client(port: int, **options: Any) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{port}/ws/", max_size=None, compression=None, **options)


class Raw(Protocol):
    def __call__(self, port: int, request: bytes = HANDSHAKE, receive_buffer: int = 0) -> socket.socket: ...


@pytest.fixture
def raw() -> Iterator[Raw]:
    """Makes connections whose bytes the test reads itself, or does not."""
    with contextlib.ExitStack() as stack:

        def open_one(port: int, request: bytes = HANDSHAKE, receive_buffer: int = 0) -> socket.socket:
            connection = stack.enter_context(socket.socket())
            if receive_buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            connection.settimeout(10)
            connection.connect(("127.0.0.1", port))
            connection.sendall(request)
            return connection

        yield open_one


def read_to_end(connection: socket.socket) -> bytes:
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def close_code(frame: bytes) -> int:
    assert frame[0] == 0x88, frame[:20]
    return int.from_bytes(frame[2:4], "big")


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.01)


def closed_with(connection: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        connection.recv(timeout=10)
    assert closed.value.rcvd is not None, "the connection ended without a close frame"
    return int(closed.value.rcvd.code)


def test_a_finished_frame_arrives_as_it_was_written() -> None:
    async def talk(frames: Frames) -> None:
        frames.write(HELLO)
        frames.write(HELLO + HELLO)

    with serving(Application(talk)) as port, client(port) as connection:
        assert [connection.recv(timeout=10) for _ in range(3)] == ["hello"] * 3


def test_close_sends_its_code_and_ends_the_application() -> None:
    async def talk(frames: Frames) -> None:
        frames.write(HELLO)
        frames.close(4413, "too slow")
        frames.write(HELLO)
        frames.close(4400)

    application = Application(talk)
    with serving(application) as port, client(port) as connection:
        assert connection.recv(timeout=10) == "hello"
        assert closed_with(connection) == 4413
    assert application.next() == {"type": "websocket.disconnect", "code": 4413, "reason": "too slow"}


def test_the_largest_message_is_taken_and_one_byte_more_closes_1009() -> None:
    application = Application()
    with serving(application) as port, client(port) as connection:
        connection.send("a" * FRAME_BYTES)
        assert application.next()["text"] == "a" * FRAME_BYTES
        connection.send("a" * (FRAME_BYTES + 1))
        assert closed_with(connection) == 1009
    assert application.next()["code"] == 1009


def test_a_message_far_too_large_is_told_so_while_it_is_still_under_way(raw: Raw) -> None:
    with serving(Application()) as port:
        connection = raw(port)
        assert b" 101 " in connection.recv(65536)
        size = 16 * 1024 * 1024
        header = struct.pack("!BBQ4s", 0x81, 0x80 | 127, size, bytes(4))
        connection.sendall(header + bytes(size))
        assert close_code(read_to_end(connection)) == 1009


def test_bad_utf8_closes_1007() -> None:
    application = Application()
    with serving(application) as port, client(port) as connection:
        connection.send(b"\xff\xfe", text=True)
        assert closed_with(connection) == 1007
    assert application.next()["code"] == 1007


def test_empty_fragments_are_not_collected(raw: Raw) -> None:
    application = Application()
    with serving(application) as port:
        connection = raw(port)
        assert b" 101 " in connection.recv(65536)
        empty, last = b"\x00\x80" + bytes(4), b"\x80\x81" + bytes(4) + b"!"
        connection.sendall(b"\x01\x81" + bytes(4) + b"a" + empty * 1000 + last)
        assert application.next()["text"] == "a!"


def test_a_handshake_that_is_none_is_refused(raw: Raw, caplog: pytest.LogCaptureFixture) -> None:
    many_headers = b"".join(b"X-%d: 1\r\n" % number for number in range(300))
    with serving(Application()) as port:
        for request, status in (
            (HANDSHAKE.replace(b"/ws/", b"/ws/\xff"), b"400"),
            (HANDSHAKE.replace(b"\r\n\r\n", b"\r\n" + many_headers + b"\r\n"), b"431"),
            (HANDSHAKE.replace(b"AAAAAAAAAAAAAAAAAAAAAA==", b"short"), b"400"),
        ):
            assert read_to_end(raw(port, request)).startswith(b"HTTP/1.1 %b " % status)
    assert not [record for record in caplog.records if record.exc_info]


def test_writing_to_a_peer_that_is_gone_does_nothing(raw: Raw) -> None:
    ended = queue.Queue[str]()

    async def talk(frames: Frames) -> None:
        while not frames._protocol.transport.is_closing():
            frames.write(HELLO)
            await asyncio.sleep(0.01)
        for _ in range(20):
            frames.write(HELLO)
        frames.close(1000)
        frames.abort()
        await frames.drain()
        assert frames.buffered() == 0
        ended.put("ended")

    with serving(Application(talk)) as port:
        connection = raw(port)
        assert b" 101 " in connection.recv(1024)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()  # with a reset
        assert ended.get(timeout=10) == "ended"


def test_a_reader_too_slow_is_noticed_told_and_dropped(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LAST_WORDS_SECONDS", 0.3)
    calls: list[str] = []

    async def talk(frames: Frames) -> None:
        def slow() -> None:
            calls.append("slow")
            frames.close(4413)

        frames.on_slow(slow)
        frames.go_live()
        while not calls:
            frames.write(BIG)
            await asyncio.sleep(0)
        assert frames.buffered() >= SLOW_BYTES
        for _ in range(100):
            frames.write(BIG)

    application = Application(talk)
    with serving(application) as port:
        raw(port, receive_buffer=4096)
        assert application.next()["code"] == 4413
        frames = application.frames.get(timeout=10)
        wait_until(frames._protocol.transport.is_closing)
        assert calls == ["slow"]


def test_a_slow_reader_that_nobody_handles_is_dropped(raw: Raw) -> None:
    async def talk(frames: Frames) -> None:
        frames.go_live()
        while not frames._protocol.transport.is_closing():
            frames.write(BIG)
            await asyncio.sleep(0)

    application = Application(talk)
    with serving(application) as port:
        raw(port, receive_buffer=4096)
        assert application.next()["type"] == "websocket.disconnect"


def test_who_pings_without_end_and_reads_nothing_is_dropped(raw: Raw) -> None:
    application = Application()
    ping = b"\x89\xfd" + bytes(4) + bytes(125)
    with serving(application) as port:
        connection = raw(port, receive_buffer=4096)
        with pytest.raises(ConnectionError):
            for _ in range(10_000):
                connection.sendall(ping * 100)
        assert application.next()["type"] == "websocket.disconnect"


def test_who_sends_many_frames_at_once_keeps_nobody_waiting(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    pings, handled, in_one_turn = 20_000, 0, [0]

    def count_ping(protocol: websocket.WebSocketProtocol) -> None:
        nonlocal handled
        handled += 1

    async def talk(frames: Frames) -> None:
        while handled < pings:
            before = handled
            await asyncio.sleep(0)
            in_one_turn.append(handled - before)

    monkeypatch.setattr(websocket.WebSocketProtocol, "handle_ping", count_ping)
    with serving(Application(talk)) as port:
        connection = raw(port)
        assert b" 101 " in connection.recv(65536)
        connection.sendall((b"\x89\x80" + bytes(4)) * pings)
        wait_until(lambda: handled == pings)
    assert max(in_one_turn) < pings / 100


def test_nothing_is_taken_in_before_the_handshake_is_answered(raw: Raw) -> None:
    answer = threading.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.to_thread(answer.wait, 10)
        await send({"type": "websocket.accept"})
        assert (await receive())["text"] == "early"
        await send({"type": "websocket.send", "text": "late"})
        await receive()

    early = b"\x81\x85" + bytes(4) + b"early" + (b"\x82\xfe\xff\xff" + bytes(4 + 65535)) * 1000
    with serving(application) as port:
        connection = raw(port)
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.sendall(early)
        answer.set()
        connection.settimeout(10)
        data = connection.recv(65536)
        while not data.endswith(b"\x81\x04late"):
            data += connection.recv(65536)
        assert data.startswith(b"HTTP/1.1 101 ")


def test_drain_waits_for_a_reader_that_reads_again(raw: Raw) -> None:
    calls: list[str] = []
    drained = queue.Queue[int]()

    async def talk(frames: Frames) -> None:
        while frames.buffered() <= PAUSE_BYTES:
            frames.write(BIG)
            await asyncio.sleep(0)
        calls.append("full")
        await frames.drain()
        drained.put(frames.buffered())

    with serving(Application(talk)) as port:
        connection = raw(port)
        wait_until(lambda: bool(calls))
        with pytest.raises(queue.Empty):
            drained.get(block=False)
        connection.settimeout(0.2)
        while drained.empty():
            with contextlib.suppress(TimeoutError):
                connection.recv(1024 * 1024)
        assert drained.get() < PAUSE_BYTES


def test_a_silent_peer_is_cut(raw: Raw) -> None:
    application = Application()
    with serving(application, ws_ping_interval=0.1, ws_ping_timeout=0.1) as port:
        connection = raw(port)  # answers no ping
        assert application.next()["type"] == "websocket.disconnect"
        data = read_to_end(connection)
        assert b" 101 " in data and b"\x89\x04" in data


def test_a_silent_peer_whose_buffer_is_full_is_cut_too(raw: Raw) -> None:
    async def talk(frames: Frames) -> None:
        frames.on_slow(lambda: calls.append("slow"))
        frames.go_live()
        while not calls:
            frames.write(BIG)
            await asyncio.sleep(0)

    calls: list[str] = []
    application = Application(talk)
    with serving(application, ws_ping_interval=0.1, ws_ping_timeout=0.1) as port:
        raw(port, receive_buffer=4096)
        assert application.next()["type"] == "websocket.disconnect"


def test_shutdown_tells_1012() -> None:
    application = Application()
    with contextlib.ExitStack() as server:
        port = server.enter_context(serving(application))
        with client(port) as connection:
            application.frames.get(timeout=10)
            server.close()
            assert closed_with(connection) == 1012


def test_shutdown_does_not_wait_for_a_peer_that_reads_nothing(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LAST_WORDS_SECONDS", 0.3)
    calls: list[str] = []

    async def talk(frames: Frames) -> None:
        frames.on_slow(lambda: calls.append("slow"))
        frames.go_live()
        while not calls:
            frames.write(BIG)
            await asyncio.sleep(0)

    with serving(Application(talk), timeout_graceful_shutdown=30) as port:
        raw(port, receive_buffer=4096)
        wait_until(lambda: bool(calls))


CLOSE = b"\x88\x80" + bytes(4)
ENDS: dict[str, Callable[[socket.socket, Frames], object]] = {
    "the peer closes": lambda connection, frames: connection.sendall(CLOSE),
    "the peer breaks the rules": lambda connection, frames: connection.sendall(b"\xff\x80" + bytes(4)),
    "the peer is gone": lambda connection, frames: connection.close(),
    "we close": lambda connection, frames: frames._protocol.loop.call_soon_threadsafe(frames.close, 4400),
    "the peer is silent": lambda connection, frames: None,
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_who_keeps_write_is_told_before_anything_could_follow_the_close(
    raw: Raw, end: Callable[[socket.socket, Frames], object]
) -> None:
    told = queue.Queue[bool]()

    async def talk(frames: Frames) -> None:
        frames.on_end(lambda: told.put(frames.write is nowhere))

    application = Application(talk)
    with serving(application, ws_ping_interval=0.2, ws_ping_timeout=0.2) as port:
        connection = raw(port)
        assert b" 101 " in connection.recv(1024)
        end(connection, application.frames.get(timeout=10))
        assert told.get(timeout=10)
        assert application.next()["type"] == "websocket.disconnect"
        assert told.empty()


def test_who_keeps_write_is_told_of_the_servers_end() -> None:
    told = queue.Queue[bool]()

    async def talk(frames: Frames) -> None:
        frames.on_end(lambda: told.put(frames.write is nowhere))

    application = Application(talk)
    with contextlib.ExitStack() as server:
        port = server.enter_context(serving(application))
        with client(port) as connection:
            application.frames.get(timeout=10)
            server.close()
            assert closed_with(connection) == 1012
    assert told.get(timeout=10)

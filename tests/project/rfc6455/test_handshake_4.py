"""RFC 6455, section 4: the opening handshake, as the server reads and answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.wire import CLOSE, KEY, PING, PONG, TEXT, Wire, command, frame

Connect = Callable[[], Wire]
Handshake = Callable[..., bytes]


def test_4_2_2_the_answer_is_complete(connect: Connect, handshake: Handshake) -> None:
    wire = connect()
    wire.send(handshake())
    answer = wire.answer()
    assert answer.status == 101
    assert answer.all("Upgrade") == ["websocket"]
    assert answer.all("Connection") == ["Upgrade"]
    assert answer.all("Sec-WebSocket-Accept") == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="], "the example of section 1.3"
    assert answer.all("Sec-WebSocket-Protocol") == ["parley.v1"]
    assert answer.all("Sec-WebSocket-Extensions") == []


ACCEPTED: dict[str, dict[str, Any]] = {
    "4.2.1-1 query": {"line": "GET /ws/?a=b HTTP/1.1"},
    "4.1-2 absolute URI": {"line": "GET http://localhost/ws/?a=b HTTP/1.1"},
    "4.2.1-2 host with port": {"Host": "localhost:8000"},
    "4.2.1-3 Upgrade in another case": {"Upgrade": "WebSocket"},
    "4.2.1-4 Connection in another case": {"Connection": "UPGRADE"},
    "4.2.1-4 Connection is a list": {"Connection": "keep-alive, Upgrade"},
    "4.2.1-4 Connection has an empty element": {"Connection": "keep-alive,,Upgrade"},
    "4.2.1-4 Connection in two lines": {"Connection": ["keep-alive", "Upgrade"]},
    "4.2.1-4 Connection in two lines, the other way round": {"Connection": ["Upgrade", "keep-alive"]},
    "4.2.1-7 Origin": {"Origin": "http://localhost"},
    "4.2.1-8 no subprotocol": {"Sec-WebSocket-Protocol": None},
    "4.2.1-10 a body without a byte": {"Content-Length": "0"},
    "9110-5.1 names in another case": {"sEC-wEBSOCKET-eXTENSIONS": "x-none"},
}


@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(connect: Connect, handshake: Handshake, changes: dict[str, Any]) -> None:
    wire = connect()
    wire.send(handshake(**changes))
    assert wire.answer().status == 101
    hello = wire.frame()
    assert hello and hello.opcode == TEXT
    assert wire.is_open()


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "4.2.1-1 method": ({"line": "POST /ws/ HTTP/1.1"}, 405),
    "4.2.1-1 method in lower case": ({"line": "get /ws/ HTTP/1.1"}, 400),
    "4.2.1-1 HTTP/1.0": ({"line": "GET /ws/ HTTP/1.0"}, 426),
    "4.2.1-1 HTTP/2.0": ({"line": "GET /ws/ HTTP/2.0"}, 426),
    "4.2.1-1 no such resource": ({"line": "GET /nowhere/ HTTP/1.1"}, 404),
    "4.2.1-2 no Host": ({"Host": None}, 400),
    "4.2.1-2 empty Host": ({"Host": ""}, 400),
    "4.2.1-2 two Hosts": ({"Host": ["localhost", "localhost"]}, 400),
    "4.2.1-3 no Upgrade": ({"Upgrade": None}, 426),
    "4.2.1-3 empty Upgrade": ({"Upgrade": ""}, 426),
    "4.2.1-3 another Upgrade": ({"Upgrade": "h2c"}, 426),
    "4.2.1-3 nearly the right Upgrade": ({"Upgrade": "websockets"}, 426),
    "4.2.1-4 no Connection": ({"Connection": None}, 426),
    "4.2.1-4 Connection without the token": ({"Connection": "keep-alive"}, 426),
    "4.2.1-4 Connection with nearly the token": ({"Connection": "Upgrades"}, 426),
    "4.2.1-5 no key": ({"Sec-WebSocket-Key": None}, 400),
    "4.2.1-5 empty key": ({"Sec-WebSocket-Key": ""}, 400),
    "4.2.1-5 key of 15 bytes": ({"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA"}, 400),
    "4.2.1-5 key of 17 bytes": ({"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAAA="}, 400),
    "4.2.1-5 key not in base64": ({"Sec-WebSocket-Key": "!" * 22 + "=="}, 400),
    "4.2.1-5 key beyond ASCII": ({"Sec-WebSocket-Key": "é" * 22 + "=="}, 400),
    "11.3.1 two keys": ({"Sec-WebSocket-Key": [KEY, KEY]}, 400),
    "4.2.1-8 malformed subprotocols": ({"Sec-WebSocket-Protocol": "parley.v1;"}, 400),
    "4.2.1-8 other subprotocols": ({"Sec-WebSocket-Protocol": "chat, superchat"}, 400),
    "4.2.1-8 subprotocol in another case": ({"Sec-WebSocket-Protocol": "Parley.v1"}, 400),
    "6454-7.3 two Origins": ({"Origin": ["http://localhost", "http://localhost"]}, 400),
    "9112-6 a body": ({"Content-Length": "1"}, 400),
    "9112-6 a body in chunks": ({"Transfer-Encoding": "chunked"}, 400),
    "10.4 a line too long": ({"X": "a" * 20_000}, 431),
    "10.4 too many lines": ({"X": ["a"] * 200}, 431),
    "10.4 a resource name too long": ({"line": f"GET /ws/?{'a' * 20_000} HTTP/1.1"}, 414),
}


@pytest.mark.parametrize(("changes", "status"), REFUSED.values(), ids=REFUSED)
def test_refused(connect: Connect, handshake: Handshake, changes: dict[str, Any], status: int) -> None:
    wire = connect()
    wire.send(handshake(**changes), b"0\r\n\r\n" if "Transfer-Encoding" in changes else b"")
    answer = wire.answer()
    assert answer.status == status
    assert not answer.all("Sec-WebSocket-Accept")
    if status == 426:
        assert answer.all("Upgrade") == ["websocket"], "RFC 9110, section 15.5.22"


@pytest.mark.parametrize("version", [None, "", "0", "8", "12", "14", "013", "13, 8", ["13", "13"], ["8", "13"]])
def test_4_4_another_version_is_told_ours(
    connect: Connect, handshake: Handshake, version: str | list[str] | None
) -> None:
    wire = connect()
    wire.send(handshake(Sec_WebSocket_Version=version))
    answer = wire.answer()
    assert (answer.status, answer.all("Sec-WebSocket-Version")) == (426, ["13"])
    assert wire.frame() is None


SUBPROTOCOLS: dict[str, tuple[str | list[str] | None, list[str]]] = {
    "none offered": (None, []),
    "the only one": ("parley.v1", ["parley.v1"]),
    "one of several": ("chat, parley.v1,superchat", ["parley.v1"]),
    "in several lines": (["chat", "parley.v1"], ["parley.v1"]),
}


@pytest.mark.parametrize(("offered", "chosen"), SUBPROTOCOLS.values(), ids=SUBPROTOCOLS)
def test_4_2_2_5_subprotocol(
    connect: Connect, handshake: Handshake, offered: str | list[str] | None, chosen: list[str]
) -> None:
    wire = connect()
    wire.send(handshake(Sec_WebSocket_Protocol=offered))
    answer = wire.answer()
    assert (answer.status, answer.all("Sec-WebSocket-Protocol")) == (101, chosen)


@pytest.mark.parametrize(
    "offered",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=15, unknown; a=b",
        ["unknown", "permessage-deflate"],
        "malformed;;",
    ],
)
def test_9_1_no_extension_is_taken_up(connect: Connect, handshake: Handshake, offered: str | list[str]) -> None:
    wire = connect()
    wire.send(handshake(Sec_WebSocket_Extensions=offered))
    answer = wire.answer()
    assert (answer.status, answer.all("Sec-WebSocket-Extensions")) == (101, [])
    hello = wire.frame()
    assert hello and hello.head[0] == 0x81, "nothing is compressed"
    assert wire.is_open()


def test_4_2_the_request_may_come_byte_by_byte(connect: Connect, handshake: Handshake) -> None:
    wire = connect()
    wire.send_bytewise(handshake())
    assert wire.answer().status == 101


def test_4_1_frames_before_the_answer_are_read_after_it(connect: Connect, handshake: Handshake) -> None:
    """A client must wait; what one that does not sends is neither lost nor answered too early."""
    early = frame(PING, b"early") + frame(TEXT, command("early"))
    for cut in (0, 1, len(early)):  # in one segment with the handshake, half in it, after it
        wire = connect()
        wire.send(handshake(), early[cut:] if cut != 1 else early[:1])
        if cut:
            wire.send(early[1:] if cut == 1 else early)
        assert wire.answer().status == 101
        pong, hello = sorted((wire.frame(), wire.frame()), key=lambda received: -received.opcode if received else 0)
        assert pong and (pong.opcode, pong.payload) == (PONG, b"early")
        assert hello and b'"hello"' in hello.payload
        assert wire.ref() == "early"


@pytest.mark.parametrize(("early", "code"), [(b"\xff" * 64, 1002), (frame(CLOSE, b"\x03\xe8"), 1000)])
def test_4_1_what_ends_the_connection_does_so_after_the_answer(
    connect: Connect, handshake: Handshake, early: bytes, code: int
) -> None:
    wire = connect()
    wire.send(handshake(), early)
    assert wire.answer().status == 101
    assert wire.closed() == code


def test_4_2_2_after_a_refusal_the_connection_ends(connect: Connect, handshake: Handshake) -> None:
    wire = connect()
    wire.send(handshake(Authorization=None))
    assert wire.answer().status == 401
    assert wire.frame() is None

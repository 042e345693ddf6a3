"""What is no command: frames that are garbage, too large, binary, deep; fields that are bad, missing, unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.cast import Cast

GOOD_ID = "0e4e0000-0000-4000-8000-00000000000"

NO_FRAMES = {
    "garbage": "garbage",
    "empty": "",
    "cut off": '{"op":"ping"',
    "an array": '[{"op":"ping"}]',
    "a string": '"ping"',
    "null": "null",
    "two objects": '{"op":"ping"}{"op":"ping"}',
    "NaN": '{"op":"read","ref":"1","room":"1","seq":NaN}',
    "Infinity": '{"op":"read","ref":"1","room":"1","seq":-Infinity}',
    "garbage after a bad field": '{"op":"read","ref":"1","room":5,"seq":oops}',
}


@pytest.mark.parametrize("frame", NO_FRAMES.values(), ids=NO_FRAMES.keys())
async def test_what_is_no_json_object_closes_with_4400(cast: Cast, frame: str) -> None:
    bob = await cast.client("bob").start()
    await bob.send(frame)
    assert await bob.closed() == 4400
    assert bob.frames[-1]["op"] == "bye"


async def test_a_binary_frame_closes_with_4400(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    await bob.send(b'{"op":"ping","ref":"1"}')
    assert await bob.closed() == 4400


async def test_a_frame_beyond_256_kib_closes_with_1009(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    await bob.send('{"op":"ping","ref":"' + "x" * (256 * 1024) + '"}')
    assert await bob.closed() == 1009


async def test_a_frame_of_256_kib_is_read(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    text = '{"op":"ping","ref":"'
    await bob.send(text + "x" * (256 * 1024 - len(text) - 2) + '"}')
    assert (await bob.frame("pong"))["ref"].startswith("xxx")


BAD_FIELDS: dict[str, tuple[str, str, str | None]] = {
    "unknown op": ('{"op":"dance","ref":"r"}', "unknown_op", "op"),
    "no op": ('{"ref":"r"}', "bad_request", "op"),
    "op is a number": ('{"op":7,"ref":"r"}', "bad_request", "op"),
    "missing field": ('{"op":"read","ref":"r","room":"1"}', "bad_request", "seq"),
    "unknown field": ('{"op":"ping","ref":"r","colour":"red"}', "bad_request", "colour"),
    "wrong type": ('{"op":"read","ref":"r","room":"1","seq":"many"}', "bad_request", "seq"),
    "huge number": ('{"op":"read","ref":"r","room":"1","seq":1e999}', "bad_request", "seq"),
    "huge integer": ('{"op":"read","ref":"r","room":"1","seq":' + "9" * 5000 + "}", "bad_request", "seq"),
    "half a surrogate pair": (
        '{"op":"post","ref":"r","room":"1","id":"' + GOOD_ID + '1","body":"\\ud800"}',
        "bad_request",
        "body",
    ),
    "deep unknown field": ('{"op":"ping","ref":"r","x":' + "[" * 500 + "]" * 500 + "}", "bad_request", "x"),
    "id is no UUID": ('{"op":"post","ref":"r","room":"1","id":"mine","body":"x"}', "bad_request", "id"),
}


@pytest.mark.parametrize(("frame", "code", "field"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
async def test_a_bad_field_is_named_and_the_socket_lives(cast: Cast, frame: str, code: str, field: str | None) -> None:
    bob = await cast.client("bob").start()
    await bob.send(frame)
    error = await bob.frame("error")
    assert (error["ref"], error["code"], error["field"]) == ("r", code, field)
    assert field is None or field in error["detail"]
    assert (await bob.ask("ping"))["op"] == "pong"


async def test_a_very_deep_field_does_no_harm(cast: Cast) -> None:
    bob = await cast.client("bob").start()
    await bob.send('{"op":"ping","ref":"r","x":' + "[" * 100_000 + "]" * 100_000 + "}")
    assert (await bob.frame("error"))["code"] == "bad_request"
    assert (await bob.ask("ping"))["op"] == "pong"


BODIES: dict[str, tuple[Any, str]] = {
    "empty": ("", "bad_request"),
    "blank": (" \n\t ", "bad_request"),
    "16,001 characters": ("x" * 16_001, "too_large"),
    "NUL": ("a\x00b", "bad_request"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_cannot_be(cast: Cast, body: str, code: str) -> None:
    room = cast.room()
    bob = await cast.client("bob").start()
    error = await bob.post(room, body)
    assert (error["op"], error["code"], error["field"]) == ("error", code, "body")
    message = (await bob.post(room, "good"))["message"]
    error = await bob.ask("edit", message=message, body=body)
    assert (error["op"], error["code"], error["field"]) == ("error", code, "body")


async def test_16_000_characters_pass_in_any_escaping(cast: Cast) -> None:
    room = cast.room()
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    body = "😀" * 16_000
    frame = {"op": "post", "ref": "big", "room": room, "id": GOOD_ID + "2", "body": body}
    text = json.dumps(frame)  # every character as \\ud83d\\ude00
    assert len(text) > 190_000
    await bob.send(text)
    event = await alice.event("message.posted", lambda data: data["room"] == room)
    assert event["data"]["body"] == body


@pytest.mark.parametrize("id", ["0", "-1", "x", "1" * 30, "９", "1.0", "", " 1"])
async def test_ids_that_nothing_has(cast: Cast, id: str) -> None:
    bob = await cast.client("bob").start()
    for op, fields in [("join", {"room": id}), ("delete", {"message": id}), ("typing", {"room": id})]:
        assert (await bob.ask(op, **fields))["code"] == "not_found"

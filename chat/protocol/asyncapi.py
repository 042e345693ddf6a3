"""The socket as an AsyncAPI 3.0 document, made from the structs that decode what comes and encode what goes."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from chat.protocol import events
from chat.protocol.closing import CloseCode
from chat.protocol.commands import COMMANDS
from chat.protocol.examples import EXAMPLES
from chat.protocol.limits import BODY_CHARACTERS, FRAME_BYTES, HEARTBEAT_SECONDS, PROTOCOL
from chat.protocol.told import ROOM_EVENTS, USER_EVENTS

FRAMES: Final[tuple[type[msgspec.Struct], ...]] = (
    events.Hello,
    events.Ready,
    events.Event,
    events.Signal,
    events.Reset,
    events.Ok,
    events.Error,
    events.Pong,
    events.Bye,
    events.Close,
)
"""What the server says, beside answers to nothing."""
_REF: Final = "#/components/schemas/{name}"


@cache
def document() -> dict[str, Any]:
    told = {**ROOM_EVENTS, **USER_EVENTS}
    _, schemas = msgspec.json.schema_components([*COMMANDS, *FRAMES, *told.values()], ref_template=_REF)
    messages = {_op(kind): _message(kind) for kind in (*COMMANDS, *FRAMES)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parley, the socket",
            "version": "1",
            "description": (
                f"One WebSocket carries all rooms of a client, subprotocol `{PROTOCOL}`. A frame is one JSON object in "
                f"one text message of at most {FRAME_BYTES:,} bytes; a message has at most {BODY_CHARACTERS:,} "
                f"characters. The server pings every {HEARTBEAT_SECONDS} s."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/ws/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            "command": _operation("receive", COMMANDS) | {"reply": _reply()},
            "tell": _operation("send", FRAMES),
        },
        "components": {"messages": messages, "schemas": schemas},
        "x-events": {name: {"$ref": _REF.format(name=kind.__name__)} for name, kind in told.items()},
        "x-close-codes": {str(int(code)): code.name.lower().replace("_", " ") for code in CloseCode},
    }


def _op(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    name = _op(kind)
    return {
        "name": name,
        "summary": (kind.__doc__ or "").strip(),
        "payload": {"$ref": _REF.format(name=kind.__name__)},
        "examples": [{"payload": EXAMPLES[name]}],
    }


def _operation(action: str, kinds: Iterable[type[msgspec.Struct]]) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": "#/channels/socket"}, "messages": _refs(map(_op, kinds))}


def _reply() -> Mapping[str, Any]:
    """Exactly one answer carries the command's `ref`."""
    return {"channel": {"$ref": "#/channels/socket"}, "messages": _refs(("ok", "error", "ready", "pong"))}


def _refs(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/socket/messages/{name}"} for name in names]

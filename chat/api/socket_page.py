"""The AsyncAPI document of the socket as a page goes through it: each message with its fields."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TICKED: Final = re.compile(r"`([^`]+)`")
STRUCTS: Final = ("UserData", "RoomData", "PlaceData")
"""Those that stand in events, and are described once."""

Schema = Mapping[str, Any]


def shown(document: Schema) -> dict[str, Any]:
    schemas, messages = document["components"]["schemas"], document["components"]["messages"]
    operations = document["operations"]
    return {
        "about": ticked(document["info"]["description"]),
        "commands": [_message(schemas, messages[_name(each)]) for each in operations["command"]["messages"]],
        "frames": [_message(schemas, messages[_name(each)]) for each in operations["tell"]["messages"]],
        "events": [_struct(schemas, _name(each), name) for name, each in document["x-events"].items()],
        "structs": [_struct(schemas, name, name) for name in STRUCTS],
        "codes": document["x-close-codes"],
    }


def ticked(text: str) -> SafeString:
    """Words in backticks as code, all else as it is."""
    return mark_safe(TICKED.sub(r"<code>\1</code>", escape(text)))


def _message(schemas: Schema, message: Schema) -> dict[str, Any]:
    example = msgspec.json.format(msgspec.json.encode(message["examples"][0]["payload"]), indent=2).decode()
    return _struct(schemas, _name(message["payload"]), message["name"]) | {"example": example}


def _struct(schemas: Schema, kind: str, name: str) -> dict[str, Any]:
    schema = schemas[kind]
    fields = [
        {"name": field, "type": _type(found), "required": field in schema.get("required", ())}
        for field, found in schema["properties"].items()
        if field != "op"
    ]
    return {"name": name, "summary": ticked(schema.get("description", "")), "fields": fields}


def _type(schema: Schema) -> str:
    """A JSON schema in a few words: `string or null`, `list of UserData`."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return f"list of {_type(schema['items'])}"
    return str(schema.get("type", "anything")).replace("array", "list")


def _name(reference: Schema) -> str:
    return str(reference["$ref"].rpartition("/")[2])

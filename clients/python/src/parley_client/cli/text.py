"""Messages and events as lines for people, and as objects for programs."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict
from datetime import datetime

from parley_client.items import Event
from parley_client.shapes import Json, Message

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Embeddings, overrides and isolates: Unicode Standard Annex 9, section 2."""


def plain(text: str) -> str:
    """Without what a terminal would obey (C0, C1, DEL), and without what turns the direction of writing."""
    return "".join(" " if each == "\t" else each for each in text if not _obeyed(each))


def _obeyed(character: str) -> bool:
    if character in "\t\n":
        return False
    return unicodedata.category(character) == "Cc" or character in TURNS


def told(message: Message) -> str:
    """`2026-11-22 17:00  ada: hi`; further lines are indented."""
    if message.deleted_at is not None:
        words = "(deleted)"
    else:
        words = plain(message.body).replace("\n", "\n    ") + (" (edited)" if message.edited_at else "")
    return f"{local(message.created_at)}  {plain(message.sender.username)}: {words}"


def happened(event: Event) -> str | None:
    """A line for an event of a room; None for what is not shown."""
    data, when = event.data, local(event.at)
    match event.type:
        case "message.posted":
            return None if event.message is None else told(event.message)
        case "message.edited":
            words = plain(data["body"]).replace("\n", "\n    ")
            return f"{when}  * number {data['seq']} was edited: {words}"
        case "message.deleted":
            return f"{when}  * number {data['seq']} was deleted"
        case "member.joined":
            return f"{when}  * {_username(data)} joined"
        case "member.left":
            return f"{when}  * {_username(data)} left"
        case "room.updated":
            return f"{when}  * the room is {plain(data['room']['name'])}: {plain(data['room'].get('topic') or '-')}"
        case "room.archived":
            return f"{when}  * the room was archived"
    return None


def _username(data: Json) -> str:
    return plain(data["user"]["username"])


def local(time: str) -> str:
    """RFC 3339 → `2026-11-22 17:00` here."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def line(message: Message) -> str:
    """A message as JSON on one line."""
    return json.dumps(asdict(message), ensure_ascii=False)

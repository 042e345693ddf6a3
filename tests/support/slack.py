"""Small Slack exports, made to order."""

import json
import zipfile
from pathlib import Path
from typing import Any

USERS = [
    {
        "id": "U1",
        "team_id": "T1",
        "name": "ada",
        "tz": "Europe/Berlin",
        "profile": {"real_name": "Ada L.", "email": "ada@example.org"},
    },
    {"id": "U2", "team_id": "T1", "name": "bob", "profile": {"display_name": "Bobby"}},
    {"id": "U3", "team_id": "T1", "name": "chen", "deleted": True, "profile": {"real_name": "Chen"}},
    {"id": "B1", "team_id": "T1", "name": "buildbot", "is_bot": True, "profile": {"real_name": "Build"}},
]


def channel(key: str, name: str, members: list[str], **fields: Any) -> dict[str, Any]:
    return {"id": key, "name": name, "created": 1_600_000_000, "creator": "U1", "members": members, **fields}


def said(second: float, user: str, text: str, **fields: Any) -> dict[str, Any]:
    """A message `second` seconds after the channel was created."""
    return {"type": "message", "user": user, "text": text, "ts": ts(second), **fields}


def general(*entries: dict[str, Any], members: list[str] | None = None, **fields: Any) -> dict[str, Any]:
    """An export of one room, in which all was said on one day."""
    members = ["U1", "U2"] if members is None else members
    return {
        "channels.json": [channel("C1", "general", members, **fields)],
        "general/2020-09-13.json": list(entries),
    }


def joined(second: float, user: str, subtype: str = "channel_join") -> dict[str, Any]:
    return said(second, user, f"<@{user}> has joined the channel", subtype=subtype)


def left(second: float, user: str) -> dict[str, Any]:
    return joined(second, user, "channel_leave")


def ts(second: float) -> str:
    return f"{1_600_000_000 + second:.6f}"


def export(path: Path, files: dict[str, Any]) -> Path:
    """A zip file with `files`: a str or bytes as it is, anything else as JSON. `users.json` is there by default."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"users.json": USERS} | files).items():
            if content is not None:
                archive.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
    return path

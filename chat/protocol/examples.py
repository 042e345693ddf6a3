"""One example of each command and frame, by its op. A test reads each by its own struct."""

from collections.abc import Mapping
from typing import Any, Final

_USER: Final = {"id": "3", "username": "ada", "name": "Ada L.", "is_bot": False, "hue": 4}
_CLIENT: Final = "0e4e2f3a-7a0b-4d64-8a3e-3f1f0a9c5d21"
_EPOCH: Final = "5c2f6d0c4c399b1f1f6a3d1f0c115b1d"
_AT: Final = "2026-11-22T17:00:00.123Z"

ROOM: Final = {
    "id": "12",
    "slug": "general",
    "name": "General",
    "kind": "open",
    "topic": "What concerns all of us",
    "archived": False,
    "previews": True,
    "role": "member",
    "seq": 842,
    "read_seq": 830,
    "unread": 11,
    "mentions": 1,
    "posting": "everyone",
    "slow_seconds": 0,
}
NOTIFICATION: Final = {
    "id": "12884901987",
    "kind": "mention",
    "actor": _USER,
    "room": "12",
    "message": "5521",
    "thread": None,
    "text": "@grace, hi",
    "created_at": _AT,
    "read_at": None,
    "quiet": False,
}
ATTACHMENT: Final = {
    "id": "7d0f6f2e-0b7c-4a3c-9a56-6f3c6e0a2b11",
    "name": "sketch.png",
    "type": "image/png",
    "size": 48211,
    "width": 1200,
    "height": 800,
    "url": "/api/v1/uploads/7d0f6f2e-0b7c-4a3c-9a56-6f3c6e0a2b11/sketch.png",
    "thumbnail": "/api/v1/thumbnails/7d0f6f2e-0b7c-4a3c-9a56-6f3c6e0a2b11/",
    "ready": True,
    "pages": None,
}
PREVIEW: Final = {
    "url": "https://example.org/night-run",
    "title": "The night run",
    "description": "Twelve of us, along the harbour",
    "site": "Example",
    "image": {"url": "/api/v1/previews/2f0b6f2e-0b7c-4a3c-9a56-6f3c6e0a2b11/", "width": 480, "height": 252},
}
MESSAGE: Final = {
    "id": "5521",
    "client_id": _CLIENT,
    "room": "12",
    "seq": 843,
    "sender": _USER,
    "body": "**hi**",
    "html": "<p><strong>hi</strong></p>",
    "reply_to": None,
    "mentions": [],
    "attachments": [ATTACHMENT],
    "created_at": _AT,
    "edited_at": None,
    "deleted_at": None,
    "thread": None,
    "reactions": [{"emoji": "🎉", "users": ["3", "8"]}],
    "replies": {"count": 2, "last_at": _AT, "users": ["8"]},
    "everybody": None,
    "pinned": {"by": "3", "at": _AT},
    "previews": [PREVIEW],
}
EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    # What a client says.
    "resume": {"op": "resume", "ref": "1", "epoch": _EPOCH, "cursors": {"room:12": 840, "user:3": 99}},
    "post": {"op": "post", "ref": "7", "room": "12", "id": _CLIENT, "body": "**hi**"},
    "edit": {"op": "edit", "ref": "8", "message": "5521", "body": "**hi** there"},
    "delete": {"op": "delete", "ref": "9", "message": "5521"},
    "react": {"op": "react", "ref": "16", "message": "5521", "emoji": "🎉", "on": True},
    "read": {"op": "read", "ref": "10", "room": "12", "seq": 843},
    "follow": {"op": "follow", "ref": "17", "message": "5521", "on": True},
    "typing": {"op": "typing", "ref": "11", "room": "12"},
    "join": {"op": "join", "ref": "12", "room": "14"},
    "leave": {"op": "leave", "ref": "13", "room": "14"},
    "auth": {"op": "auth", "ref": "14", "token": "eyJhbGciOiJIUzI1NiIsImtpZCI6Ij…"},
    "ping": {"op": "ping", "ref": "15"},
    # What the server says.
    "hello": {
        "op": "hello",
        "protocol": "parley.v1",
        "session": "b7c1…",
        "epoch": _EPOCH,
        "user": _USER,
        "heartbeat": 20,
        "limits": {"frame": 262144, "body": 16000, "posts_per_10s": 50},
    },
    "ready": {
        "op": "ready",
        "ref": "1",
        "epoch": _EPOCH,
        "streams": {"room:12": 842, "user:3": 99},
        "rooms": [ROOM],
        "online": ["3", "8"],
        "notifications": {"seq": 99, "unread": 2},
    },
    "event": {"op": "event", "stream": "room:12", "seq": 843, "type": "message.posted", "at": _AT, "data": MESSAGE},
    "signal": {"op": "signal", "stream": "room:12", "type": "typing", "data": {"user": "8"}, "ttl": 6},
    "reset": {"op": "reset", "stream": "room:12", "seq": 842},
    "ok": {"op": "ok", "ref": "7", "message": "5521", "seq": 843},
    "error": {"op": "error", "ref": "7", "code": "rate_limited", "detail": "50 posts in 10 s", "retry_after": 4.2},
    "pong": {"op": "pong", "ref": "15"},
    "close": {"op": "close", "code": 4403, "reason": "revoked"},
    "bye": {"op": "bye", "code": "restart", "retry_ms": [0, 8000]},
}

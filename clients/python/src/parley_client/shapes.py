"""What the server tells of people, rooms and messages. Fields that are not known here are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class User:
    id: str
    username: str
    name: str
    is_bot: bool = False

    @classmethod
    def of(cls, data: Json) -> User:
        return cls(id=data["id"], username=data["username"], name=data["name"], is_bot=bool(data.get("is_bot", False)))


@dataclass(frozen=True)
class Room:
    """A room. `role`, `read_seq`, `unread`, `mentions` are yours, as of when it was fetched; None: you are not in."""

    id: str
    slug: str | None
    name: str
    kind: str
    topic: str
    archived: bool
    seq: int | None = None
    role: str | None = None
    read_seq: int | None = None
    unread: int | None = None
    mentions: int | None = None
    peer: User | None = None
    """The other person of a direct room."""

    @classmethod
    def of(cls, data: Json) -> Room:
        return cls(
            id=data["id"],
            slug=data.get("slug"),
            name=data.get("name", ""),
            kind=data["kind"],
            topic=data.get("topic", ""),
            archived=bool(data.get("archived", False)),
            seq=data.get("seq"),
            role=data.get("role"),
            read_seq=data.get("read_seq"),
            unread=data.get("unread"),
            mentions=data.get("mentions"),
            peer=User.of(data["peer"]) if data.get("peer") else None,
        )

    @property
    def stream(self) -> str:
        return f"room:{self.id}"

    @property
    def title(self) -> str:
        """What people call it: a direct room by the other person."""
        return self.peer.name or self.peer.username if self.peer is not None else self.name


@dataclass(frozen=True)
class Member:
    user: User
    role: str

    @classmethod
    def of(cls, data: Json) -> Member:
        return cls(user=User.of(data["user"]), role=data["role"])


@dataclass(frozen=True)
class Message:
    """A message, alike in events, history and REST. Of a deleted one the words are gone."""

    id: str
    client_id: str
    room: str
    seq: int
    sender: User
    body: str
    html: str
    reply_to: str | None
    mentions: tuple[str, ...]
    created_at: str
    edited_at: str | None
    deleted_at: str | None

    @classmethod
    def of(cls, data: Json) -> Message:
        return cls(
            id=data["id"],
            client_id=data["client_id"],
            room=data["room"],
            seq=data["seq"],
            sender=User.of(data["sender"]),
            body=data["body"],
            html=data["html"],
            reply_to=data.get("reply_to"),
            mentions=tuple(data.get("mentions") or ()),
            created_at=data["created_at"],
            edited_at=data.get("edited_at"),
            deleted_at=data.get("deleted_at"),
        )


@dataclass(frozen=True)
class Posted:
    """A message of yours that the server has acknowledged: stored, and numbered in its room's stream."""

    id: str
    seq: int
    room: str
    client_id: str
    body: str
    reply_to: str | None = None


@dataclass(frozen=True)
class Page:
    """A part of a room's history, oldest first. The events after `as_of` carry it on."""

    messages: tuple[Message, ...]
    as_of: int
    has_before: bool
    has_after: bool

    @classmethod
    def of(cls, data: Json) -> Page:
        return cls(
            messages=tuple(Message.of(each) for each in data["results"]),
            as_of=data["as_of"],
            has_before=data["has_before"],
            has_after=data["has_after"],
        )

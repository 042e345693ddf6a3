"""What `Client.events()` gives: events, and the streams that must be loaded anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from parley_client.shapes import Json, Message


@dataclass(frozen=True)
class Event:
    """Number `seq` of a stream: `room:ID` or `user:ID`. `data` is as docs/protocol.md tells for its `type`."""

    stream: str
    seq: int
    type: str
    at: str
    data: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, frame: Json) -> Event:
        return cls(
            stream=frame["stream"], seq=frame["seq"], type=frame["type"], at=frame["at"], data=frame.get("data") or {}
        )

    @property
    def room(self) -> str | None:
        """The id of the room whose stream this is."""
        return room_of(self.stream)

    @property
    def message(self) -> Message | None:
        """What was said, when that is what happened, and it was not deleted since."""
        if self.type != "message.posted" or self.data.get("deleted_at"):
            return None
        return Message.of(self.data)


@dataclass(frozen=True)
class Reset:
    """What came up to `seq` in this stream cannot be told: load it by HTTP. Events go on after `seq`."""

    stream: str
    seq: int
    type: Literal["reset"] = "reset"
    message: None = None

    @property
    def room(self) -> str | None:
        return room_of(self.stream)


Item = Event | Reset


def room_of(stream: str) -> str | None:
    kind, _, number = stream.partition(":")
    return number if kind == "room" else None

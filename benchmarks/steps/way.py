"""The way of a message, step by step, in the order in which it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Place = tuple[int, int]
"""Where a post comes from: (room id, user id)."""


@dataclass(frozen=True)
class Step:
    """One row of the table.

    Attributes:
        key: of the step's figures.
        where: the file to read.
        part: of which sum the step is: `post` of every one, `alone` or `together` of those that are stored so, `socket`
            of each delivery. Empty for what another step holds too, or another way of it.
    """

    key: str
    title: str
    where: str
    part: str = ""


STEPS: Final = (
    Step("read", "frame from the socket to the consumer", "project/websocket.py", "post"),
    Step("decode", "frame to command", "chat/protocol/commands.py", "post"),
    Step("plain", "plain text checked and rendered", "chat/operations/drafts.py", "post"),
    Step("markdown", "or Markdown, in a reader thread", "chat/operations/rendering/full.py"),
    Step("hand_over_1", "to the writer thread and back, alone", "chat/streams/writer.py", "alone"),
    Step("hand_over_64", "or there and back with 63 others", "chat/streams/writer.py", "together"),
    Step("commit_1", "stored in a transaction, alone", "chat/operations/posting.py", "alone"),
    Step("commit_16", "or stored with 15 others", "chat/operations/posting.py"),
    Step("commit_64", "or stored with 63 others", "chat/operations/posting.py", "together"),
    Step("commit_256", "or stored with 255 others", "chat/operations/posting.py"),
    Step("encode", "of that: event to JSON", "chat/protocol/events.py"),
    Step("ok", "`ok` to the poster's socket", "chat/realtime/handlers.py", "post"),
    Step("hint", "hint through the channel layer and the hub", "chat/streams/hub.py", "post"),
    Step("take", "of that: put in order, framed, kept in the ring", "chat/streams/feed.py"),
    Step("write", "written to one socket", "chat/streams/broadcasting.py", "socket"),
)
BATCHES: Final = (1, 16, 64, 256)
"""Posts in one transaction."""

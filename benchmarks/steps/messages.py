"""What the measured steps work on: the bodies, drafts, commands and events of messages."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.steps.way import Place
from chat.operations.drafts import Draft, posted_data, quick_draft
from chat.protocol.events import MessageData, UserData, event

PLAIN: Final = "The new build is on the staging server since noon; could somebody of the day shift look at it today?"
MARKDOWN: Final = "The **new** build is on `staging` since noon; see [the list](https://example.org/list) before *six*?"
assert len(PLAIN) == len(MARKDOWN) == 100


def fields(place: Place, body: str) -> dict[str, Any]:
    """The arguments of a fresh draft."""
    room_id, sender_id = place
    return {"sender_id": sender_id, "room_id": room_id, "client_id": uuid.uuid4(), "body": body}


def drafts(places: list[Place], count: int) -> list[Draft]:
    """Fresh plain ones from these in turn."""
    made = []
    for number in range(count):
        draft = quick_draft(**fields(places[number % len(places)], PLAIN))
        assert draft is not None, "the body is not plain"
        made.append(draft)
    return made


def command() -> str:
    """The text of a `post`."""
    return f'{{"op":"post","ref":"1234","room":"17","id":"{uuid.uuid4()}","body":"{PLAIN}"}}'


def data(place: Place, seq: int) -> MessageData:
    (draft,) = drafts([place], 1)
    sender = UserData(id=str(draft.sender_id), username="load-room-01-00001", name="Ada", is_bot=False, hue=3)
    return posted_data(draft, seq, datetime.now(UTC), sender, ())


def text(place: Place, seq: int) -> str:
    """The text of the event of a post."""
    return event(f"room:{place[0]}", seq, "message.posted", datetime.now(UTC), data(place, seq))

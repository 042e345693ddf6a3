"""What begins a conversation that HTTP carries, where no socket gets through."""

from typing import Annotated

import msgspec

from chat.protocol.limits import POLL_SECONDS


class ResumeBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Where the client is: the epoch and, by stream, the number of the last event; neither on a first visit."""

    epoch: str | None = None
    cursors: dict[str, int] = {}


class PollBody(ResumeBody):
    """`wait` in seconds, of which POLL_SECONDS count."""

    wait: Annotated[int, msgspec.Meta(ge=0, le=3600)] = POLL_SECONDS

"""Commands on one socket that wait for their one `ok` or `error`, by `ref`."""

from __future__ import annotations

import asyncio
from typing import Any

from parley_client.errors import refusal
from parley_client.shapes import Json


class Unanswered(Exception):
    """The socket ended, or the time did, before the answer came: it may have been done or not."""


class Requests:
    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._last_ref = 0

    def open(self) -> tuple[str, asyncio.Future[dict[str, Any]]]:
        """A new `ref`, and the `ok` frame to come; raises Refused or Unanswered."""
        self._last_ref += 1
        ref = str(self._last_ref)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: self._waiting.pop(ref, None))
        self._waiting[ref] = future
        return ref, future

    def answered(self, frame: Json) -> None:
        """An `ok` or `error`; one that nobody waits for is ignored."""
        future = self._waiting.get(str(frame.get("ref")))
        if future is None or future.done():
            return
        if frame["op"] == "ok":
            future.set_result(dict(frame))
        else:
            future.set_exception(error_of(frame))

    def abandon(self) -> None:
        """The socket is gone: no answer will come."""
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(Unanswered("the connection ended"))


def error_of(frame: Json) -> Exception:
    return refusal(
        frame["code"], frame.get("detail", ""), field=frame.get("field"), retry_after=frame.get("retry_after")
    )

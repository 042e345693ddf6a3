"""Telling the nodes, after commit, that streams have moved.

Only a fast hint: the channel layer is at most once and drops silently when full. What it loses, every node's hub reads
from the log.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

import structlog
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

Hint = dict[str, Any]
"""`{"type": "stream.events", "stream": "room:12", "first": 7, "types": […], "texts": […]}`: events 7, 8, … of it."""

SEND_SECONDS: Final = 2.0


class Sender(Protocol):
    """The running hub of this process, as publishing sees it."""

    def post_from_thread(self, messages: Sequence[Hint]) -> None: ...


_sender: Sender | None = None


def use(sender: Sender | None) -> None:
    """From now on, what this process publishes goes out through `sender`'s event loop."""
    global _sender
    _sender = sender


def group_of(stream: str) -> str:
    """The channel-layer group of a stream: `room:12` → `room.12` (a colon is not allowed there)."""
    return stream.replace(":", ".")


def hints(added: Iterable[tuple[str, int, str, str]]) -> list[Hint]:
    """One hint a stream from (stream name, number, type, text), the numbers of each stream in order."""
    by_stream: dict[str, Hint] = {}
    for name, seq, type_, text in added:
        hint = by_stream.get(name)
        if hint is None:
            hint = by_stream[name] = {"type": "stream.events", "stream": name, "first": seq, "types": [], "texts": []}
        hint["types"].append(type_)
        hint["texts"].append(text)
    return list(by_stream.values())


def publish(messages: Sequence[Hint]) -> None:
    """Sends each hint to its stream's group. Never raises: what was committed stays committed."""
    if _sender is not None:
        _sender.post_from_thread(messages)
    elif reaches_others():  # a command beside the servers
        try:
            async_to_sync(_send_all)(messages)
        except Exception:
            metrics.channel_layer_errors.inc()
            logger.warning("the channel layer is away; nodes will find hints in the log", hints=len(messages))


def reaches_others() -> bool:
    """Whether the channel layer carries anything to another process."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


async def _send_all(messages: Sequence[Hint]) -> None:
    for message in messages:
        await send(message)


async def send(message: Hint) -> None:
    """Sends one message to its stream's group, or raises within `SEND_SECONDS`."""
    layer = get_channel_layer()
    assert layer is not None
    async with asyncio.timeout(SEND_SECONDS):
        await layer.group_send(group_of(message["stream"]), message)

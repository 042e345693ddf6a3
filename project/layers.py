"""The channel layer of a single process."""

import asyncio
import contextlib
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer as InMemoryLayer


class InMemoryChannelLayer(InMemoryLayer):
    """Channels' in-memory layer, without looking through every group at each message for what has expired.

    Nothing expires here, and with five thousand people online, each with a group, that look takes milliseconds.
    Messages are handed on as they are: nobody changes one.
    """

    def _clean_expired(self) -> None:
        pass

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        self.require_valid_channel_name(channel)
        queue = self.channels.get(channel)
        if queue is None:
            queue = self.channels[channel] = asyncio.Queue(self.get_capacity(channel))
        try:
            queue.put_nowait((0, message))
        except asyncio.QueueFull:
            raise ChannelFull(channel) from None

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.require_valid_group_name(group)
        for channel in list(self.groups.get(group, ())):
            with contextlib.suppress(ChannelFull):
                await self.send(channel, message)

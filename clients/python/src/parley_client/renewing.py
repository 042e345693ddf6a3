"""A socket outlives its access token: it is told the next one before the old one ends."""

from __future__ import annotations

import asyncio
import logging

from parley_client.backoff import Backoff
from parley_client.doors import Doors
from parley_client.errors import Refused, SignedOut, Unreachable
from parley_client.requests import Unanswered
from parley_client.socket import Socket
from parley_client.tokens import Tokens

logger = logging.getLogger(__name__)


async def keep_renewed(socket: Socket, tokens: Tokens, doors: Doors, token: str) -> None:
    """Until it is cancelled, or the token needs no renewal. What it cannot do, the next connection does."""
    backoff = Backoff()
    while (due := tokens.due_seconds()) is not None:
        await asyncio.sleep(due)
        try:
            renewed = await tokens.access(doors)
            if renewed != token:
                await socket.ask("auth", token=renewed)
                token, backoff = renewed, Backoff()
                continue
        except (Unreachable, Unanswered) as error:
            logger.info("the token is not renewed yet: %s", error)
        except (Refused, SignedOut) as error:
            if not isinstance(error, Refused) or not error.passing:
                socket.abort()
                return
        await asyncio.sleep(backoff.next())

"""One command and its answer, whichever way it came; whatever goes wrong with it is an `error`."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from chat.operations.credentials import Identity
from chat.protocol import commands, events
from chat.protocol.commands import Command, Unanswerable
from chat.protocol.errors import Refused, Unavailable
from chat.realtime.handlers import SCOPES
from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

COMMANDS_PER_10S: Final = max(600, 4 * settings.POSTS_PER_10S)


async def answer(text: str | bytes, handle: Callable[[Command], Awaitable[str | None]]) -> str | None:
    """What `handle` answers to the command in `text`, or the refusal; None when the answer comes by itself.

    Raises BadFrame when the text is not one JSON object.
    """
    ref, command = None, None
    try:
        command = commands.decode(text)
        ref = command.ref
        return await handle(command)
    except Unanswerable as error:
        return events.refusal(error.refusal, error.ref)
    except Refused as error:
        return events.refusal(error, ref)
    except commands.BadFrame:
        raise
    except (DatabaseError, InterfaceError) as error:
        logger.warning("a command fails without the database", error=str(error))
        return events.refusal(Unavailable("the database is away", retry_after=1), ref)
    except Exception:
        metrics.uncaught.labels("socket").inc()
        logger.exception("a command failed", command=type(command).__name__, room=getattr(command, "room", None))
        return events.refusal(Unavailable("this went wrong on the server", retry_after=5), ref)


def check_scope(identity: Identity, command: Command) -> None:
    """Raises Forbidden when what they come with was not made for such commands."""
    scope = SCOPES.get(type(command))
    if scope is not None:
        identity.check(scope)

"""The database from the event loop: a few threads of our own, never the loop itself.

`database_sync_to_async` would run everything in one shared thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from chat.streams import metrics

P = ParamSpec("P")
T = TypeVar("T")

READERS: Final = 4
_executor: Final = ThreadPoolExecutor(READERS, thread_name_prefix="reader")


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs `function`, which may query, in a reader thread. Cancelling does not stop the query."""
    call = partial(copy_context().run, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_executor, _tidily, call)


def _tidily(call: Callable[[], T]) -> T:
    try:
        return call()
    except (DatabaseError, InterfaceError):
        metrics.database_errors.inc()
        raise
    finally:
        release_connection()


def release_connection() -> None:
    """Gives this thread's PostgreSQL connection back to the pool; SQLite's stays open unless it failed."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite" or connection.errors_occurred:
        connection.close_if_unusable_or_obsolete()

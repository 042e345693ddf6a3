"""One outcome a draft, whatever happens to the transaction that was to store it."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from django.db import DEFAULT_DB_ALIAS, DatabaseError, DataError, IntegrityError, InterfaceError, connections

from chat.protocol.errors import BadRequest, Refused, Unavailable
from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

Commit = Callable[[Sequence[Any]], Sequence[Any]]
"""Commits drafts in one transaction of its own and gives one outcome a draft: a result, or the exception that fails
that draft alone. Raising fails them all, and each is then tried by itself."""

LOCK_SECONDS: Final = 0.05
"""How long a statement of the writer waits for a row. Other nodes hold one for milliseconds."""
_LOCK_NOT_AVAILABLE: Final = "55P03"


class PutOff(Unavailable):
    """An outcome: somebody else holds a row that this draft needs. `again` commits it without waiting for long."""

    def __init__(self, again: Commit) -> None:
        super().__init__("somebody else is busy here", retry_after=2)
        self.again = again


def is_held(error: Exception) -> bool:
    """Whether PostgreSQL gave up waiting for a row that another transaction holds."""
    return getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def outcomes_of(commit: Commit, drafts: list[Any]) -> Sequence[Any]:
    """One outcome a draft, whatever happens: one that the database refuses fails alone, never its batch."""
    try:
        hurry()
        return commit(drafts)
    except Exception as error:
        connection = connections[DEFAULT_DB_ALIAS]
        lost = connection.connection is None or (connection.errors_occurred and not connection.is_usable())
        if not lost:
            with contextlib.suppress(DatabaseError, InterfaceError):  # lost just now: nobody will be given it
                hurry_no_more()
        connection.close_if_unusable_or_obsolete()
        if len(drafts) == 1:
            return [PutOff(again=commit if commit is not one else each) if is_held(error) else refusal(error)]
        if lost:  # to try each by itself would be to wait for the database in turn
            return [refusal(error)] * len(drafts)
        return [outcomes_of(commit, [draft])[0] for draft in drafts]


def hurry() -> None:
    """Bounds how long this thread's connection waits for rows. Said once to each connection that it gets."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql" and connection.connection is None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}")


def hurry_no_more() -> None:
    """Before the connection goes back to others, who may wait."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql" and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def refusal(error: Exception) -> Exception:
    if isinstance(error, Refused):
        return error
    if isinstance(error, DataError | IntegrityError):
        logger.error("the database refused a draft", exc_info=error)
        return BadRequest("this cannot be stored")
    if isinstance(error, DatabaseError | InterfaceError):
        metrics.database_errors.inc()
        logger.warning("the database is away", error=str(error))
        return Unavailable("the database is away", retry_after=1)
    return error


def each(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """The commit of whatever has no set-based one: each call in its own transaction, one after the other."""
    found: list[Any] = []
    for call in calls:
        found.extend(outcomes_of(one, [call]))
        if isinstance(found[-1], Unavailable) and not isinstance(found[-1], PutOff):
            # The others would wait for the database in turn, as long as it is away.
            break
    return found + [Unavailable("the database is away", retry_after=1)] * (len(calls) - len(found))


def one(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    return [call() for call in calls]

"""Several reads that see one state of the database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DEFAULT_DB_ALIAS, Error, connections


@contextmanager
def snapshot() -> Iterator[None]:
    """Within it, reads see what was committed before the first of them, and nothing later.

    Django's `atomic` would take SQLite's write lock (`BEGIN IMMEDIATE`), and on PostgreSQL show each statement what
    was committed before it. In an open transaction this changes nothing.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    except BaseException:
        with suppress(Error):
            _end()
        raise
    _end()


def _end() -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("ROLLBACK")

"""What PostgreSQL knows of its own tables, by which it chooses how to answer."""

from django.db import DEFAULT_DB_ALIAS, connections


def gather() -> None:
    """After much was written at once. It would do so by itself, a minute later; until then it answers slowly."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

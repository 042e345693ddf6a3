"""Many pairs of numbers as one parameter or two, so that a statement is the same however many there are."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections


def with_pairs(name: str, pairs: Collection[tuple[int, int | UUID]], kind: str = "bigint") -> tuple[str, list[Any]]:
    """`WITH name AS (…)`, a table of columns `one` and `other`, and its parameters.

    `kind` is PostgreSQL's name for the type of the other.
    """
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        # SQLite keeps a UUID as text, without hyphens.
        plain = [(one, other.hex if isinstance(other, UUID) else other) for one, other in pairs]
        columns = "json_extract(value, '$[0]') AS one, json_extract(value, '$[1]') AS other"
        return f"WITH {name} AS (SELECT {columns} FROM json_each(%s))", [msgspec.json.encode(plain).decode()]
    return (
        f"WITH {name} AS (SELECT * FROM unnest(%s::bigint[], %s::{kind}[]) AS pairs(one, other))",
        [[one for one, _ in pairs], [other for _, other in pairs]],
    )

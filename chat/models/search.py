"""The words of messages, as they are looked for: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Both keep the same tokens, which `chat.operations.search.words` makes; neither parses any text by itself.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F

from chat.models.messages import SEQ_BITS, Message

NO_END: Final = 2**63 - 1
TIME_SHIFT: Final = 10
"""The bits of an entry's id below the microseconds."""
INDEX: Final = "chat_searchindex"
"""The FTS5 table over the entries; triggers keep it."""
NEWEST: Final = 20_000
"""Entries that PostgreSQL goes through from the newest before it asks its index. What is said often is found among
them; the index would first gather all of it."""
ROOMS_AS_TOKENS: Final = 3
"""More rooms than that are told apart by the id of each message found."""


def entry_id(at: datetime, tie: int = 0) -> int:
    """The least id of what was said at `at`, and `tie` more: entries in the order of ids are in the order of time."""
    return (int(at.timestamp()) * 1_000_000 + at.microsecond << TIME_SHIFT) + tie


class TokensField(models.Field[Sequence[str], str]):
    """Tokens in their order. None of them holds a space or a quotation mark."""

    def get_internal_type(self) -> str:
        return "TextField"

    def db_type(self, connection: Any) -> str | None:
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str:
        if connection.vendor == "postgresql":
            return " ".join(f"'{token}':{position}" for position, token in enumerate(value, 1))
        return " ".join(value)


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand side by side; with `prefix` the last is the beginning of one."""

    tokens: tuple[str, ...]
    prefix: bool = False

    def in_fts5(self) -> str:
        return f'"{" ".join(self.tokens)}"' + " *" * self.prefix

    def in_tsquery(self) -> str:
        return "(" + " <-> ".join(map(_quoted, self.tokens)) + ":*" * self.prefix + ")"


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of `terms` and of `facts`, none of `unwanted`; said from `since` until before `until`, which are
    ids of entries; in one of `rooms`."""

    rooms: Collection[int]
    terms: tuple[Term, ...] = ()
    facts: tuple[str, ...] = ()
    unwanted: tuple[Term, ...] = ()
    since: int = 0
    until: int = NO_END

    @property
    def _room_facts(self) -> list[str]:
        """One of which must be so; none where the rooms are too many to be asked of the index."""
        return [f"room={room}" for room in self.rooms] if len(self.rooms) <= ROOMS_AS_TOKENS else []

    def in_fts5(self) -> str:
        """An FTS5 expression (https://sqlite.org/fts5.html, section 3); empty when any words do."""
        wanted = [term.in_fts5() for term in self.terms] + [f'"{fact}"' for fact in self.facts]
        if self._room_facts:
            wanted.append("(" + " OR ".join(f'"{fact}"' for fact in self._room_facts) + ")")
        return " AND ".join(wanted) and "(" + " AND ".join(wanted) + ")" + "".join(
            f" NOT {term.in_fts5()}" for term in self.unwanted
        )

    def in_tsquery(self) -> str:
        """The text of a tsquery; empty when any words do."""
        parts = [term.in_tsquery() for term in self.terms] + [_quoted(fact) for fact in self.facts]
        if self._room_facts:
            parts.append("(" + " | ".join(map(_quoted, self._room_facts)) + ")")
        return " & ".join(parts) and " & ".join(parts + ["!" + term.in_tsquery() for term in self.unwanted])


def _quoted(token: str) -> str:
    return f"'{token}'"


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def newest(self, wanted: Wanted, limit: int) -> list[tuple[int, int]]:
        """(id of the entry, id of the message) of the last `limit`, newest first."""
        if not wanted.rooms:
            return []
        if not wanted.in_fts5():
            inside = self.alias(room=F("message_id").bitrightshift(SEQ_BITS)).filter(room__in=wanted.rooms)
            span = inside.filter(id__gte=wanted.since, id__lt=wanted.until).order_by("-id")
            return list(span.values_list("id", "message_id")[:limit])
        find = _on_postgresql if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else _on_sqlite
        return find(wanted, limit)


class SearchEntry(models.Model):
    """What is looked for of one message: its words, and facts such as `from=3`, `room=12`, `has=link`."""

    id = models.BigIntegerField(primary_key=True)
    message = models.OneToOneField(Message, models.CASCADE, related_name="search_entry")
    words = TokensField()

    objects = SearchEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"words of {self.message_id}"


def _on_sqlite(wanted: Wanted, limit: int) -> list[tuple[int, int]]:
    """The index gives its rows from the newest on, as far as they are asked for."""
    return _rows(
        f"SELECT e.id, e.message_id FROM {INDEX} JOIN {_TABLE} e ON e.id = {INDEX}.rowid"
        f" WHERE {INDEX} MATCH %s AND {INDEX}.rowid >= %s AND {INDEX}.rowid < %s"
        f" AND e.message_id >> {SEQ_BITS} IN (SELECT value FROM json_each(%s))"
        f" ORDER BY {INDEX}.rowid DESC LIMIT %s",
        [wanted.in_fts5(), wanted.since, wanted.until, json.dumps(list(wanted.rooms)), limit],
    )


def _on_postgresql(wanted: Wanted, limit: int) -> list[tuple[int, int]]:
    """First among the newest alone; then by the index, whose rows come in no order and all at once."""
    # Bounds that exclude nothing would mislead the planner of a database that has gathered no statistics yet.
    span = "id >= %(since)s AND id < %(until)s" if (wanted.since, wanted.until) != (0, NO_END) else "true"
    fits = f"words @@ %(query)s::tsquery AND message_id >> {SEQ_BITS} = ANY(%(rooms)s)"
    parameters = {
        "query": wanted.in_tsquery(),
        "rooms": list(wanted.rooms),
        "since": wanted.since,
        "until": wanted.until,
        "limit": limit,
    }
    newest = _rows(
        f"SELECT id, message_id FROM (SELECT * FROM {_TABLE} WHERE {span} ORDER BY id DESC LIMIT {NEWEST}) newest"
        f" WHERE {fits} ORDER BY id DESC LIMIT %(limit)s",
        parameters,
    )
    if len(newest) == limit:
        return newest
    return _rows(
        f"WITH found AS MATERIALIZED (SELECT id, message_id FROM {_TABLE} WHERE {span} AND {fits})"
        " SELECT id, message_id FROM found ORDER BY id DESC LIMIT %(limit)s",
        parameters,
    )


_TABLE: Final = SearchEntry._meta.db_table


def _rows(sql: str, parameters: Any) -> list[tuple[int, int]]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows

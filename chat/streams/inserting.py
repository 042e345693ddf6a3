"""Set-based inserts: a few statements or a COPY for many rows, where the ORM would build a long one of its own."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models

# From so many rows on, PostgreSQL's COPY is faster than a statement a row in a pipeline.
_COPY_ROWS: Final = 4
# SQLite takes 32,766 parameters in a statement.
_STATEMENT_ROWS: Final = 256

_AS_IT_IS: Final = (models.IntegerField, models.CharField, models.TextField, models.BinaryField)


def insert_many(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Inserts rows whose values stand in the order of the field `names`. Defaults are not filled in."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    prepared = [list(row) for row in rows]
    for column, to_db in _preparations(model, tuple(names), connection.vendor):
        for values in prepared:
            if values[column] is not None:
                values[column] = to_db(values[column])
    target = _target(model, tuple(names))
    # Not by Django's cursors: they have no COPY, and read through the text of a statement for each parameter in it.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            for portion in _powers_of_two(prepared):
                statement = _values(target, len(names), len(portion))
                connection.connection.execute(statement, list(chain.from_iterable(portion)))
        elif len(prepared) >= _COPY_ROWS:
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for values in prepared:
                    copy.write_row(values)
        else:
            cursor.executemany(f"INSERT INTO {target} VALUES ({', '.join(['%s'] * len(names))})", prepared)


@cache
def _target(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    return f"{quote(model._meta.db_table)} ({columns})"


@cache
def _preparations(
    model: type[models.Model], names: tuple[str, ...], vendor: str
) -> list[tuple[int, Callable[[Any], Any]]]:
    """(column, what makes a value of it one of the database), without those that the database takes as they are."""
    found = [(column, _preparation(model, name)) for column, name in enumerate(names)]
    return [(column, to_db) for column, to_db in found if to_db is not None]


def _preparation(model: type[models.Model], name: str) -> Callable[[Any], Any] | None:
    """Calling Django's for each value takes a third of the time of an import."""
    field: Any = model._meta.get_field(name)
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, _AS_IT_IS):
        return None
    if isinstance(field, models.UUIDField):
        native = connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field
        return None if native else attrgetter("hex")

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])

    # What is stored together has one time.
    return lru_cache(maxsize=64)(prepare) if isinstance(field, models.DateTimeField) else prepare


def _powers_of_two(rows: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Cuts into portions of 256, …, 4, 2, 1 rows: so few different statements are kept prepared by every connection.

    One statement a row would let go of the interpreter's lock for each row, and wait until it has it back.
    """
    start = 0
    while start < len(rows):
        size = min(_STATEMENT_ROWS, 1 << (len(rows) - start).bit_length() - 1)
        yield rows[start : start + size]
        start += size


@cache
def _values(target: str, columns: int, rows: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {target} VALUES {', '.join([row] * rows)}"

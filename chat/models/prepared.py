"""Reads whose SQL is made once. To make it, which Django does for each, takes several times as long as to run it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

Row = tuple[Any, ...]

# Values that stand for the parameters while the SQL is made, and that no query names by itself.
_STAND_INS: Final[Mapping[type, Callable[[int], Any]]] = {
    int: lambda number: (1 << 62) + number,
    UUID: lambda number: UUID(int=(1 << 127) + number),
    str: lambda number: f"\ufdd0{number}\ufdd1",
}
_ARRAYS: Final[Mapping[Any, str]] = {list[int]: "bigint[]", list[UUID]: "uuid[]", list[str]: "text[]"}


@dataclass(frozen=True, slots=True)
class _Statement:
    """`parameters` holds names, at their places among constants; `converters` go with the number of a column."""

    sql: str
    parameters: tuple[tuple[str | None, Any], ...]
    converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        return [constant if name is None else _adapted(given[name]) for name, constant in self.parameters]


def _adapted(value: Any) -> Any:
    """As the database's driver takes it: SQLite keeps a UUID as text, and takes a list as JSON."""
    if connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
        return value
    if isinstance(value, list):
        return msgspec.json.encode([_adapted(each) for each in value]).decode()
    return value.hex if isinstance(value, UUID) else value


def _set_of(kind: Any, stand_in: str) -> RawSQL:
    """The values of a list that is one parameter, for a filter by `__in`."""
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [stand_in])
    return RawSQL(f"SELECT unnest(%s::{_ARRAYS[kind]})", [stand_in])


class Prepared:
    """A queryset of tuples with parameters, each of which stands for one value in a filter: an int, a str or a UUID.

        lines = Prepared(lambda room: Message.objects.filter(room=room).values_list("seq", "html"), room=int)
        rows = lines(room=12)

    A list of them, of any length, stands behind `__in`. What shapes the SQL, such as a limit, cannot be a
    parameter. None cannot, either: its SQL is another.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **parameters: Any) -> None:
        self._build = build
        self._kinds = parameters
        self._stand_ins = {
            name: _STAND_INS[str if kind in _ARRAYS else kind](number)
            for number, (name, kind) in enumerate(parameters.items())
        }
        self._statements: dict[str, _Statement] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows as the database's driver gives them: SQLite's times are text, its booleans 0 and 1."""
        statement = self._statement()
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(statement.sql, statement.values(values))
            return cursor.fetchall()

    def converted(self, rows: Iterable[Row]) -> list[Row]:
        """The same rows as Django gives them."""
        connection, converting = connections[DEFAULT_DB_ALIAS], self._statement().converters
        result = []
        for row in rows:
            values = list(row)
            for column, converters, expression in converting:
                for converter in converters:
                    values[column] = converter(values[column], expression, connection)
            result.append(tuple(values))
        return result

    def _statement(self) -> _Statement:
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        statement = self._statements.get(vendor)
        if statement is None:
            statement = self._statements[vendor] = self._made()
        return statement

    def _made(self) -> _Statement:
        queryset = self._build(
            **{
                name: _set_of(self._kinds[name], stand_in) if self._kinds[name] in _ARRAYS else stand_in
                for name, stand_in in self._stand_ins.items()
            }
        )
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        names = {_adapted(stand_in): name for name, stand_in in self._stand_ins.items()}
        found = tuple((names.get(value), value) for value in parameters)
        missing = self._stand_ins.keys() - {name for name, _ in found}
        assert not missing, f"no parameter of the SQL: {missing}"
        converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
        return _Statement(sql, found, tuple((column, *each) for column, each in converters.items()))

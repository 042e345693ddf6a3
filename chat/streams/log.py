"""The log: the one place where events get their numbers and are written down."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from chat.models import Event, Stream, Workspace
from chat.models.streams import Streamed
from chat.protocol import events
from chat.streams import publishing
from chat.streams.inserting import insert_many
from chat.streams.pairs import with_pairs

_COLUMNS: Final = ("stream", "seq", "type", "subject", "at", "payload")


class Additions:
    """What one transaction adds to some streams, whose rows it holds until it commits."""

    def __init__(self, wait: bool) -> None:
        self._wait = wait
        self._names: dict[int, str] = {}
        self._heads: dict[int, int] = {}
        self._rows: list[tuple[int, int, str, int | None, datetime, str]] = []

    def hold(self, stream_ids: Iterable[int], owners: type[Streamed] | None = None) -> None:
        """Locks streams, beside those that are held. Of people only, once any is held: see `adding` for the order."""
        wanted = sorted(set(stream_ids) - self._heads.keys())
        for stream_id, kind, head in _locked(wanted, owners, self._wait):
            self._names[stream_id] = f"{kind}:{stream_id}"
            self._heads[stream_id] = head

    def holds(self, stream_id: int) -> bool:
        """Whether this stream exists, and its row is held."""
        return stream_id in self._heads

    def head(self, stream_id: int) -> int:
        """The number of the stream's last event, those added here included."""
        return self._heads[stream_id]

    def add(self, stream_id: int, type: str, at: datetime, data: Any, *, subject: int | None = None) -> int:
        """Adds one event and returns its number. `data` is what msgspec encodes; `subject` a message's id."""
        seq = self._heads[stream_id] = self._heads[stream_id] + 1
        text = events.event(self._names[stream_id], seq, type, at, data)
        self._rows.append((stream_id, seq, type, subject, at, text))
        return seq

    def write(self) -> None:
        """Writes the events and the new heads, and lets the nodes know once the transaction has committed."""
        if not self._rows:
            return
        insert_many(Event, _COLUMNS, self._rows)
        moved = {row[0]: self._heads[row[0]] for row in self._rows}
        table = Stream._meta.db_table
        pairs, parameters = with_pairs("moved", moved.items())
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                f"{pairs} UPDATE {table} SET head = moved.other FROM moved WHERE {table}.id = moved.one", parameters
            )
        hints = publishing.hints((self._names[row[0]], row[1], row[2], row[5]) for row in self._rows)
        transaction.on_commit(lambda: publishing.publish(hints))


@contextmanager
def adding(
    stream_ids: Iterable[int], *, owners: type[Streamed] | None = None, wait: bool = True
) -> Iterator[Additions]:
    """Within a transaction: locks the streams' rows, lets the caller add events, and writes them on leaving.

    The rows are locked in one order, those of rooms before those of people, and each by their ids, so that two
    transactions never wait for each other. The numbers are thereby given in the order of commits; a database sequence
    would let a later number become visible first.

    `owners`: the rows of this model that these streams belong to are kept from being deleted, as the foreign keys of
    what is added will ask for at the commit. `wait=False` leaves out the streams that another transaction holds, of
    either row: `holds` tells which are there.
    """
    additions = Additions(wait)
    additions.hold(stream_ids, owners)
    yield additions
    additions.write()


def _locked(ids: list[int], owners: type[Streamed] | None, wait: bool) -> list[tuple[int, str, int]]:
    """(id, kind, head) of these streams, whose rows stay locked until the transaction ends."""
    if not ids:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    join = lock = ""
    if connection.features.has_select_for_update:
        patience = "" if wait else "SKIP LOCKED"
        lock = f"FOR UPDATE OF s {patience}"
        if owners is not None:
            join = f"JOIN {owners._meta.db_table} o ON o.id = s.id"
            lock += f" FOR KEY SHARE OF o {patience}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id, s.kind, s.head FROM {Stream._meta.db_table} s {join} "
            f"WHERE s.id IN ({', '.join(['%s'] * len(ids))}) ORDER BY s.kind, s.id {lock}",
            ids,
        )
        rows: list[tuple[int, str, int]] = cursor.fetchall()
        return rows


def events_after(stream_id: int, seq: int, up_to: int | None, limit: int) -> list[tuple[int, str, str]]:
    """At most `limit` events with numbers from `seq + 1`, as (number, type, text), in order."""
    rows = Event.objects.filter(stream_id=stream_id, seq__gt=seq)
    if up_to is not None:
        rows = rows.filter(seq__lte=up_to)
    return list(rows.order_by("seq").values_list("seq", "type", "payload")[:limit])


def heads(stream_ids: Iterable[int]) -> dict[int, int]:
    """Stream id → number of its last event, for those that exist."""
    return dict(Stream.objects.filter(pk__in=list(stream_ids)).values_list("pk", "head"))


def epoch() -> str:
    """Names this life of the log: another one after a backup is restored."""
    return Workspace.current().epoch

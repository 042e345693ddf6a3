"""Pages of messages as prepared statements: what histories read most."""

from collections.abc import Callable
from functools import cache
from typing import Any, Literal

from chat.models.messages import Message, MessageQuerySet, room_of
from chat.models.prepared import Prepared, Row

Thread = int | None | Literal["none"]
"""The id of the message that began it; `none` for what is in no thread; None for all."""
Beside = Callable[[MessageQuerySet, int], MessageQuerySet]


class History:
    """Reads these columns of a room's messages; of all, of those in no thread, or of one thread."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._in_room = cache(self._prepare_room)
        self._in_thread = cache(self._prepare_thread)

    def before(self, room_id: int, seq: int, limit: int, thread: Thread = None) -> list[Row]:
        """The last `limit` before number `seq`, oldest first."""
        return self._beside(MessageQuerySet.before, room_id, seq, limit, thread)[::-1]

    def after(self, room_id: int, seq: int, limit: int, thread: Thread = None) -> list[Row]:
        """The first `limit` after number `seq`, oldest first."""
        return self._beside(MessageQuerySet.after, room_id, seq, limit, thread)

    def converted(self, row: Row) -> Row:
        """One of these rows as Django gives it: the time as a time, whatever the database."""
        return self._in_room(MessageQuerySet.before, 1, False).converted([row])[0]

    def _beside(self, beside: Beside, room_id: int, seq: int, limit: int, thread: Thread) -> list[Row]:
        if not isinstance(thread, int):
            return self._in_room(beside, limit, thread == "none")(room=room_id, seq=seq)
        # Not asked of the database, which might then go through the whole room.
        return self._in_thread(beside, limit)(root=thread, seq=seq) if room_of(thread) == room_id else []

    def _prepare_room(self, beside: Beside, limit: int, timeline: bool) -> Prepared:
        def rows(room: int, seq: int) -> Any:
            found = beside(Message.objects.filter(room=room), seq)
            return (found.in_timeline() if timeline else found).values_list(*self._columns)[:limit]

        return Prepared(rows, room=int, seq=int)

    def _prepare_thread(self, beside: Beside, limit: int) -> Prepared:
        def rows(root: int, seq: int) -> Any:
            return beside(Message.objects.in_thread(root), seq).values_list(*self._columns)[:limit]

        return Prepared(rows, root=int, seq=int)

"""Who is in a room while its history is imported: memberships and their events."""

from datetime import datetime
from typing import Any, Final

from chat.models import Membership, Room, User
from chat.operations.notifying.choices import listeners_among
from chat.operations.wire import user_data
from chat.streams import log
from chat.streams.inserting import insert_many

_COLUMNS: Final = ("room", "user", "role", "joined_seq", "left_seq", "read_seq", "created_at", "listens")


class Stays:
    """The stays in one room, within the transactions of its import.

    The read position of whoever an import brings in is 0 until the import is complete.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._live = set(Membership.objects.live().filter(room=room).values_list("user_id", flat=True))
        self._joined: dict[int, list[Any]] = {}
        self._rows: list[list[Any]] = []
        self._left: dict[int, int] = {}

    def __contains__(self, user_id: int) -> bool:
        return user_id in self._live

    def join(self, user: User, at: datetime, additions: log.Additions) -> None:
        if user.pk in self._live:
            return
        owner = user.pk == self._room.created_by_id and self._room.kind != Room.Kind.DIRECT
        role = Membership.Role.OWNER if owner else Membership.Role.MEMBER
        seq = additions.add(
            self._room.pk,
            "member.joined",
            at,
            {"room": str(self._room.pk), "user": user_data(user), "role": role, "muted_until": None},
        )
        row = [self._room.pk, user.pk, role, seq, None, 0, at]
        self._rows.append(row)
        self._joined[user.pk] = row
        self._live.add(user.pk)

    def leave(self, user: User, at: datetime, additions: log.Additions) -> None:
        if user.pk not in self._live:
            return
        seq = additions.add(self._room.pk, "member.left", at, {"room": str(self._room.pk), "user": user_data(user)})
        row = self._joined.pop(user.pk, None)
        if row is None:
            self._left[user.pk] = seq
        else:
            row[4] = seq
        self._live.discard(user.pk)

    def write(self) -> None:
        for user_id, seq in self._left.items():
            Membership.objects.live().filter(room=self._room, user=user_id).update(left_seq=seq)
        listening = listeners_among(row[1] for row in self._rows)
        insert_many(Membership, _COLUMNS, [(*row, row[1] in listening) for row in self._rows])
        self._rows, self._joined, self._left = [], {}, {}

"""How many sockets one process holds: altogether, and for each person."""

from collections import Counter
from typing import Final

from django.conf import settings

from chat.realtime.admission import Denied

FULL_RETRY_SECONDS: Final = 5
CUT_SECONDS: Final = 35
"""Who answers no ping is cut within this time (docs/protocol.md), so that what a lost network left is gone by then."""


class Places:
    """Each is taken for the length of a `with` block, so that it is free again however a socket ends.

    A person's socket too many is refused; the oldest is not closed for it. Closing would let clients that are all
    alive push each other out in a circle, each turn a handshake and a resume, while the refused one just backs off.
    """

    def __init__(self, most: int, most_per_user: int) -> None:
        self._most = most
        self._most_per_user = most_per_user
        self._taken = 0
        self._taken_by: Counter[int] = Counter()

    def take(self) -> "Place":
        """A place in this process. Raises Denied (503) when there is none."""
        if self._taken >= self._most:
            raise Denied(503, "unavailable", "this server is full", retry_after=FULL_RETRY_SECONDS)
        self._taken += 1
        return Place(self)

    def take_for(self, user_id: int) -> None:
        """One of a person's places. Raises Denied (429) when they have none left."""
        if self._taken_by[user_id] >= self._most_per_user:
            detail = f"{self._most_per_user} sockets at a time"
            raise Denied(429, "rate_limited", detail, retry_after=CUT_SECONDS)
        self._taken_by[user_id] += 1

    def free(self, user_id: int | None) -> None:
        self._taken -= 1
        if user_id is not None:
            self._taken_by[user_id] -= 1
            if not self._taken_by[user_id]:
                del self._taken_by[user_id]


class Place:
    __slots__ = ("_places", "_user_id")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._user_id: int | None = None

    def give_to(self, user_id: int) -> None:
        """Makes it one of this person's. Raises Denied (429) when they have none left."""
        self._places.take_for(user_id)
        self._user_id = user_id

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *error: object) -> None:
        self._places.free(self._user_id)


places = Places(settings.MAX_SOCKETS, settings.MAX_SOCKETS_PER_USER)

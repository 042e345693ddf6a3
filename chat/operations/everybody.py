"""`@room` and `@here`: whether they are heard by all."""

import re
from collections.abc import Iterable
from typing import Final

from django.db.models import Count

from chat.models import Membership
from chat.operations.rendering import Everybody

MOST_MEMBERS: Final = 50
"""In larger rooms only who moderates them mentions everybody."""
_MARK: Final = re.compile(r'<span class="mention" data-everybody="[a-z]+">(.*?)</span>')


class Allowed:
    """Who may mention everybody where, of those (room id, user id) that want to."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        wanted = set(pairs)
        self._allowed: set[tuple[int, int]] = set()
        if not wanted:
            return
        live = Membership.objects.live().filter(room__in={room for room, _ in wanted})
        small = live.values("room").annotate(members=Count("pk")).filter(members__lte=MOST_MEMBERS)
        rooms = set(small.values_list("room", flat=True))
        moderating = live.moderating().filter(user__in={user for _, user in wanted})
        moderators = set(moderating.values_list("room", "user"))
        self._allowed = {pair for pair in wanted if pair[0] in rooms or pair in moderators}

    @property
    def rooms(self) -> set[int]:
        """Where somebody's mention of everybody is heard."""
        return {room for room, _ in self._allowed}

    def settle(
        self, everybody: Everybody | None, html: str, *, room: int, sender: int, thread: int | None
    ) -> tuple[Everybody | None, str]:
        """What is to be stored: as it is, or without the marks of what is not allowed. A thread is not everybody's."""
        if everybody is None or (thread is None and (room, sender) in self._allowed):
            return everybody, html
        return None, unmarked(html)


def unmarked(html: str) -> str:
    """Without the marks of `@room` and `@here`: the words stay words."""
    return _MARK.sub(r"\1", html)

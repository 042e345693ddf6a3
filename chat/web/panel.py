"""Members of a room, by name."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.safestring import SafeString, mark_safe

from chat.models import Membership
from chat.models.prepared import Prepared, Row
from chat.web import markup
from chat.web.person import Person

PANEL_MEMBERS: Final = 60
KEPT_MEMBERS: Final = 4096


@dataclass(frozen=True)
class Member:
    """One member as the reader may treat them."""

    person: Person
    role: str
    may_change_role: bool = False
    may_remove: bool = False
    may_mute: bool = False
    muted_until: datetime | None = None

    @property
    def shown_role(self) -> str:
        """What stands beside the name: nothing for the many who are only members."""
        if self.role == Membership.Role.MEMBER:
            return "bot" if self.person.is_bot else ""
        return self.role


@dataclass(frozen=True)
class Panel:
    """The first members, as they are stored, and how many there are."""

    rows: tuple[Row, ...]
    count: int

    @property
    def more(self) -> bool:
        return self.count > len(self.rows)

    @property
    def markup(self) -> SafeString:
        return mark_safe("".join(map(_member, self.rows)))


def by_name(room_id: int) -> "QuerySet[Membership]":
    """The members of a room with their users, in the order in which they are shown."""
    shown_name = Lower(Coalesce(NullIf("user__name", Value("")), "user__username"))
    return Membership.objects.live().filter(room=room_id).select_related("user").order_by(shown_name, "user")


def panel(room_id: int) -> Panel:
    found = _first(room=room_id)
    rows = tuple(found[:PANEL_MEMBERS])
    return Panel(rows, len(rows) if len(found) == len(rows) else by_name(room_id).count())


_first: Final = Prepared(
    lambda room: by_name(room).values_list("user", "user__username", "user__name", "user__hue", "user__is_bot", "role")[
        : PANEL_MEMBERS + 1
    ],
    room=int,
)


@lru_cache(KEPT_MEMBERS)
def _member(row: Row) -> SafeString:
    pk, username, name, hue, is_bot, role = row
    person = Person(pk, username, name or username, hue, bool(is_bot))
    return markup.rendered("chat/_member.html", member=Member(person, role))

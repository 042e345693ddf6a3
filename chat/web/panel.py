"""Members of a room, by name."""

from dataclasses import dataclass

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from chat.models import Membership, Room
from chat.web.shell import Person, person

PANEL_MEMBERS = 60


@dataclass(frozen=True)
class Member:
    """One member as the reader may treat them."""

    person: Person
    role: str
    may_change_role: bool = False
    may_remove: bool = False

    @property
    def shown_role(self) -> str:
        """What stands beside the name: nothing for the many who are only members."""
        if self.role == Membership.Role.MEMBER:
            return "bot" if self.person.is_bot else ""
        return self.role


@dataclass(frozen=True)
class Panel:
    """The first members, and how many there are."""

    shown: list[Member]
    count: int

    @property
    def more(self) -> bool:
        return self.count > len(self.shown)


def by_name(room: Room) -> "QuerySet[Membership]":
    """The members of a room with their users, in the order in which they are shown."""
    shown_name = Lower(Coalesce(NullIf("user__name", Value("")), "user__username"))
    return Membership.objects.live().filter(room=room).select_related("user").order_by(shown_name, "user")


def panel(room: Room) -> Panel:
    found = list(by_name(room)[: PANEL_MEMBERS + 1])
    shown = [Member(person(membership.user), membership.role) for membership in found[:PANEL_MEMBERS]]
    count = len(shown) if len(found) == len(shown) else by_name(room).count()
    return Panel(shown, count)

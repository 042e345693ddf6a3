"""What the templates of a room show of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.formats import date_format

from chat.models import Membership, Room, User
from chat.models.prepared import Prepared, Row
from chat.operations.everybody import MOST_MEMBERS
from chat.web import addresses
from chat.web.person import Person, person


@dataclass(frozen=True)
class Face:
    """What a room shows one reader of itself, alike until somebody changes it. For who is not in it `role` is empty."""

    id: int | None
    kind: str
    slug: str | None
    name: str
    topic: str
    url: str
    role: str = ""
    archived: bool = False
    maker: str = ""
    born: str = ""
    """`3 March 2026`"""
    peer: Person | None = None
    posting: str = Room.Posting.EVERYONE
    slow_seconds: int = 0
    muted_until: datetime | None = None
    level: str | None = ""
    """Of what the reader is notified here, if it is not as everywhere."""

    @property
    def hushed(self) -> str:
        """What keeps the reader from writing: `moderators` alone do, or they are `muted`; else nothing."""
        if self.moderates or not self.role:
            return ""
        if self.posting == Room.Posting.MODERATORS:
            return "moderators"
        return "muted" if self.muted_until is not None and self.muted_until > timezone.now() else ""

    @property
    def waits(self) -> int:
        """The seconds between two messages of the reader."""
        return 0 if self.moderates else self.slow_seconds

    @property
    def waits_text(self) -> str:
        """`30 seconds`, `5 minutes`"""
        seconds = self.waits
        for size, unit in ((3_600, "hour"), (60, "minute")):
            if seconds % size == 0 and seconds:
                return f"{seconds // size} {unit}s" if seconds > size else unit
        return f"{seconds} seconds"

    @property
    def state(self) -> str:
        """`member`, `archived`, `outside`, or `new-direct` while nobody has opened the talk."""
        if self.id is None:
            return "new-direct"
        if not self.role:
            return "outside"
        return "archived" if self.archived else "member"

    @property
    def title(self) -> str:
        """How the composer names it."""
        return f"#{self.name}" if self.kind == Room.Kind.OPEN else self.name

    @property
    def moderates(self) -> bool:
        return self.role in (Membership.Role.OWNER, Membership.Role.MODERATOR)

    @property
    def owns(self) -> bool:
        return self.role == Membership.Role.OWNER

    @property
    def search_url(self) -> str:
        where = f"in:@{self.peer.username} " if self.peer else f"in:#{self.slug} "
        return f"{addresses.of_page('search')}?{urlencode({'begin': where})}"

    @property
    def settings_url(self) -> str:
        return addresses.of_settings(self.slug) if self.slug else ""


@dataclass
class RoomView:
    """A room at one moment, for one reader."""

    face: Face
    as_of: int = 0
    read_seq: int = 0
    member_count: int = 0
    draft_id: uuid.UUID = field(default_factory=uuid.uuid4)
    draft: str = ""
    draft_error: str = ""

    everybody_members = MOST_MEMBERS

    def __getattr__(self, name: str) -> Any:
        return getattr(self.face, name)

    @classmethod
    def of(cls, room: Room, role: str) -> "RoomView":
        """What pages about a room that has a slug show of it; they tell neither its end nor its beginning."""
        url = addresses.of_room(room.slug or "")
        archived = room.archived_at is not None
        return cls(Face(room.pk, room.kind, room.slug, room.name, room.topic, url, role, archived))


def named(slug: str, user: User) -> RoomView | None:
    """The room with this slug, if `user` may know of it."""
    return next((_view(row) for row in _by_slug.converted(_by_slug(slug=slug, user=user.pk))), None)


def direct(user: User, peer: User) -> RoomView | None:
    """The talk of these two, once somebody has opened it."""
    key = Room.direct_key_of(user.pk, peer.pk)
    rows = _by_direct_key.converted(_by_direct_key(key=key, user=user.pk))
    return next((_view(row, peer) for row in rows), None)


def unopened(peer: User) -> RoomView:
    """The talk with somebody that is none yet."""
    face = Face(
        None, Room.Kind.DIRECT, None, peer.display_name, "", addresses.of_person(peer.username), peer=person(peer)
    )
    return RoomView(face)


def _view(row: Row, peer: User | None = None) -> RoomView:
    pk, kind, slug, name, topic, archived_at, created_at, maker, maker_name, head, role, read_seq, *rules = row
    face = Face(
        pk,
        kind,
        slug,
        name if peer is None else peer.display_name,
        topic,
        addresses.of_room(slug) if peer is None else addresses.of_person(peer.username),
        role or "",
        archived_at is not None,
        maker_name or maker or "",
        _day(created_at, timezone.get_current_timezone()),
        None if peer is None else person(peer),
        *rules,
    )
    return RoomView(face, head, read_seq or 0)


@lru_cache(1024)
def _day(at: datetime, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "j F Y")


_COLUMNS: Final = (
    "pk",
    "kind",
    "slug",
    "name",
    "topic",
    "archived_at",
    "created_at",
    "created_by__username",
    "created_by__name",
    "stream__head",
    "mine__role",
    "mine__read_seq",
    "posting",
    "slow_seconds",
    "mine__muted_until",
    "mine__level",
)
_by_slug: Final = Prepared(
    lambda slug, user: (
        _with_membership(user).filter(Q(kind=Room.Kind.OPEN) | Q(mine__isnull=False), slug=slug).values_list(*_COLUMNS)
    ),
    slug=str,
    user=int,
)
_by_direct_key: Final = Prepared(
    lambda key, user: _with_membership(user).filter(direct_key=key, mine__isnull=False).values_list(*_COLUMNS),
    key=str,
    user=int,
)


def _with_membership(user_id: int) -> Any:
    """Rooms, with the live membership of one person as `mine`."""
    live = Q(memberships__user=user_id, memberships__left_seq=None)
    return Room.objects.annotate(mine=FilteredRelation("memberships", condition=live))

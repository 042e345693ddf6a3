"""What the templates of a room show of it."""

import uuid
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from chat.models import Membership, Room, User
from chat.web.shell import Person, person


@dataclass
class RoomView:
    """A room for one reader, who is in it (`role`) or not (`role` is empty)."""

    room: Room
    name: str
    url: str
    role: str = ""
    read_seq: int = 0
    peer: Person | None = None
    member_count: int = 0
    draft_id: uuid.UUID = field(default_factory=uuid.uuid4)
    draft: str = ""
    draft_error: str = ""

    @classmethod
    def of(cls, room: Room, membership: Membership | None, peer: User | None = None) -> "RoomView":
        url = reverse("room", args=[room.slug]) if peer is None else reverse("person", args=[peer.username])
        name = room.name if peer is None else peer.display_name
        view = cls(room, name, url, peer=None if peer is None else person(peer))
        if membership is not None:
            view.role, view.read_seq = membership.role, membership.read_seq
        return view

    @property
    def id(self) -> int | None:
        return self.room.pk

    @property
    def kind(self) -> str:
        return self.room.kind

    @property
    def slug(self) -> str | None:
        return self.room.slug

    @property
    def topic(self) -> str:
        return self.room.topic

    @property
    def as_of(self) -> int:
        return self.room.stream.head

    @property
    def archived(self) -> bool:
        return self.room.archived_at is not None

    @property
    def state(self) -> str:
        """`member`, `archived`, `outside`, or `new-direct` while nobody has opened the talk."""
        if self.room.pk is None:
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
    def settings_url(self) -> str:
        return reverse("room-settings", args=[self.slug]) if self.slug else ""

    @property
    def born(self) -> str:
        """`3 March 2026`"""
        return date_format(timezone.localtime(self.room.created_at), "j F Y")

    @property
    def maker(self) -> str:
        return self.room.created_by.display_name if self.room.created_by else ""

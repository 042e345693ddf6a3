"""What stands around every page of somebody who is signed in: the sidebar, and the data that the script starts with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone

from chat.models import Membership, Room, User, Workspace
from chat.operations.wire import peers_of, place_data, user_data
from chat.protocol.events import PlaceData, UserData
from chat.protocol.limits import BODY_CHARACTERS, FRAME_BYTES

UNREAD_SHOWN = 99


@dataclass(frozen=True)
class Person:
    """Somebody as a page shows them."""

    id: int
    username: str
    name: str
    hue: int
    is_bot: bool

    @property
    def initials(self) -> str:
        """The first characters of the first and the last word of the name."""
        words = self.name.split()
        return "".join(word[0].upper() for word in (words if len(words) < 2 else (words[0], words[-1])))

    @property
    def url(self) -> str:
        return reverse("person", args=[self.username])


def person(user: User) -> Person:
    return Person(user.pk, user.username, user.display_name, user.hue, user.is_bot)


def reader(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)


@dataclass(frozen=True)
class Place:
    """A room in the sidebar of one of its members."""

    data: PlaceData
    current: bool

    @cached_property
    def url(self) -> str:
        return place_url(self.data.slug, self.data.peer)

    @property
    def unread_text(self) -> str:
        return str(self.data.unread) if self.data.unread <= UNREAD_SHOWN else f"{UNREAD_SHOWN}+"

    @property
    def may_invite(self) -> bool:
        moderates = self.data.role in (Membership.Role.OWNER, Membership.Role.MODERATOR)
        return moderates and self.data.kind != Room.Kind.DIRECT and not self.data.archived

    def __getattr__(self, name: str) -> Any:
        return getattr(self.data, name)


def place_url(slug: str | None, peer: UserData | None) -> str:
    return reverse("room", args=[slug]) if slug else reverse("person", args=[peer.username if peer else "-"])


def places(user: User, room_id: int | None) -> list[Place]:
    """The rooms of `user` with what is unread, by name. Queries: two, however many rooms."""
    memberships = list(Membership.objects.live().filter(user=user).with_unread().select_related("room", "room__stream"))
    peers = peers_of([membership.room for membership in memberships], user.pk)
    found = [
        Place(
            place_data(membership, peers.get(membership.room_id), membership.room.stream.head),
            membership.room_id == room_id,
        )
        for membership in memberships
        if membership.room.archived_at is None or membership.room_id == room_id
    ]
    return sorted(found, key=lambda place: (place.data.name.casefold(), place.data.id))


def around(request: HttpRequest, workspace: Workspace, room_id: int | None) -> dict[str, Any]:
    """The context of `shell.html`."""
    user = reader(request)
    mine = places(user, room_id)
    return {
        "sidebar": {
            "rooms": [place for place in mine if place.data.kind != Room.Kind.DIRECT],
            "people": [place for place in mine if place.data.kind == Room.Kind.DIRECT],
            "may_invite": user.is_superuser or any(place.may_invite for place in mine),
        },
        "boot": boot(request, user, workspace, mine),
    }


def boot(request: HttpRequest, user: User, workspace: Workspace, mine: list[Place]) -> dict[str, Any]:
    """What the script must know before the socket is open."""
    return {
        "me": msgspec.to_builtins(user_data(user)) | {"is_staff": user.is_staff, "is_owner": user.is_superuser},
        "time_zone": timezone.get_current_timezone_name(),
        "time_zone_chosen": bool(user.time_zone),
        "workspace": {"name": workspace.name, "epoch": workspace.epoch},
        "csrf": get_token(request),
        "limits": {"body": BODY_CHARACTERS, "posts_per_10s": settings.POSTS_PER_10S, "frame": FRAME_BYTES},
        "rooms": [msgspec.to_builtins(place.data) | {"url": place.url} for place in mine],
        "urls": {
            "socket": "/ws/",
            "api": "/api/v1/",
            "home": reverse("home"),
            "rooms": reverse("rooms"),
            "sign_in": reverse("sign-in"),
            "room": "/rooms/{slug}/",
            "person": "/people/{username}/",
        },
    }

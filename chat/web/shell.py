"""What stands around every page of somebody who is signed in: the sidebar, and the data that the script starts with."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from chat.models import Room, User, Workspace
from chat.models.prepared import Prepared
from chat.operations.notifying.wire import unread_of
from chat.operations.wire import user_data
from chat.protocol.events import UnreadData
from chat.protocol.limits import BODY_CHARACTERS, FRAME_BYTES
from chat.web import addresses
from chat.web.person import Person, person, reader
from chat.web.places import Place, places

UNREAD_SHOWN: Final = 99
NOTHING_UNREAD: Final = UnreadData(seq=0, unread=0)
# What would end the script element, or begin a comment in it.
_ESCAPES: Final = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def capped(number: int) -> str:
    """`99+` for more than that."""
    return str(number) if number <= UNREAD_SHOWN else f"{UNREAD_SHOWN}+"


@dataclass(frozen=True)
class House:
    """The workspace, as far as pages of members show it."""

    name: str
    epoch: str


@dataclass(frozen=True)
class Item:
    """A room in the sidebar of one of its members."""

    id: str
    kind: str
    name: str
    url: str
    unread: int
    mentions: int
    current: bool
    peer: str
    """Of a direct talk: the id of the other person."""

    @property
    def unread_text(self) -> str:
        return capped(self.unread)


@dataclass(frozen=True)
class Sidebar:
    workspace: str
    me: Person
    is_owner: bool
    is_staff: bool
    may_invite: bool
    rooms: tuple[Item, ...]
    people: tuple[Item, ...]
    notifications: int

    @property
    def notifications_text(self) -> str:
        return capped(self.notifications)


@dataclass(frozen=True)
class Shell:
    """What stands around a page, as it is read."""

    house: House
    places: list[Place]
    notifications: UnreadData = NOTHING_UNREAD


def read(user: User, room_id: int | None) -> Shell:
    """With `room_id` the page of that room, which is then shown even when it is archived."""
    return Shell(house(), places(user.pk, room_id), unread_of([user.pk])[user.pk])


def house() -> House:
    for name, epoch in _house():
        return House(name, epoch)
    workspace = Workspace.current()
    return House(workspace.name, workspace.epoch)


_house: Final = Prepared(lambda: Workspace.objects.filter(pk=1).values_list("name", "epoch"))


def context(request: HttpRequest, shell: Shell, room_id: int | None) -> dict[str, Any]:
    """What `shell.html` is given."""
    user, current = reader(request), str(room_id)
    items = [_item(place, place.id == current) for place in shell.places]
    sidebar = Sidebar(
        workspace=shell.house.name,
        me=person(user),
        is_owner=user.is_superuser,
        is_staff=user.is_staff,
        may_invite=user.is_superuser or any(place.may_invite for place in shell.places),
        rooms=tuple(item for item in items if item.kind != Room.Kind.DIRECT),
        people=tuple(item for item in items if item.kind == Room.Kind.DIRECT),
        notifications=shell.notifications.unread,
    )
    # One mask for all of its forms, and the script.
    token = get_token(request)
    return {"sidebar": sidebar, "csrf_token": token, "boot": boot(user, shell, token)}


def _item(place: Place, current: bool) -> Item:
    peer = place.peer.id if place.peer else ""
    return Item(place.id, place.kind, place.name, place.url, place.unread, place.mentions, current, peer)


def boot(user: User, shell: Shell, token: str) -> SafeString:
    """The element with what the script must know before the socket is open."""
    data = {
        "me": msgspec.to_builtins(user_data(user)) | {"is_staff": user.is_staff, "is_owner": user.is_superuser},
        "time_zone": timezone.get_current_timezone_name(),
        "time_zone_chosen": bool(user.time_zone),
        "workspace": {"name": shell.house.name, "epoch": shell.house.epoch},
        "csrf": token,
        "limits": {"body": BODY_CHARACTERS, "posts_per_10s": settings.POSTS_PER_10S, "frame": FRAME_BYTES},
        "rooms": shell.places,
        "notifications": shell.notifications,
        "urls": {
            "socket": "/ws/",
            "api": "/api/v1/",
            "home": addresses.of_page("home"),
            "rooms": addresses.of_page("rooms"),
            "search": addresses.of_page("search"),
            "sign_in": addresses.of_page("sign-in"),
            "room": "/rooms/{slug}/",
            "person": "/people/{username}/",
        },
    }
    text = msgspec.json.encode(data).decode().translate(_ESCAPES)
    return mark_safe(f'<script id="parley-boot" type="application/json">{text}</script>')

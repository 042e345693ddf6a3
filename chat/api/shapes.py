"""What REST tells, beside the structs of the wire: rooms as whoever asks sees them, members, oneself."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from chat.models import Delivery, IncomingHook, Login, Membership, Message, OutgoingHook, Room, User
from chat.operations.wire import messages_data, peers_of, place_data, room_data, user_data
from chat.protocol.errors import NotFound
from chat.protocol.events import MessageData, PlaceData, RoomData, UserData
from chat.protocol.values import format_time


class SeenRoom(RoomData, frozen=True):
    """An open room that whoever asks is not in. Members see a `PlaceData`."""

    seq: int


class RoomAnswer(SeenRoom, frozen=True, kw_only=True, omit_defaults=True):
    """A room in the document: what everybody sees of it, and for its members what is theirs."""

    role: str | msgspec.UnsetType = msgspec.UNSET
    read_seq: int | msgspec.UnsetType = msgspec.UNSET
    unread: int | msgspec.UnsetType = msgspec.UNSET
    mentions: int | msgspec.UnsetType = msgspec.UNSET
    muted_until: str | msgspec.UnsetType = msgspec.UNSET
    peer: UserData | msgspec.UnsetType = msgspec.UNSET


class MessagePage(msgspec.Struct, frozen=True):
    """Messages, oldest first; the room's events after `as_of` carry it on. `before` and `after` it there are more."""

    results: list[MessageData]
    as_of: int
    has_before: bool
    has_after: bool


class PairData(msgspec.Struct, frozen=True):
    """`access` opens doors for ten minutes, `refresh` is changed for the next pair."""

    access: str
    refresh: str


class Problem(msgspec.Struct, frozen=True):
    """A refusal. Clients switch on `code`; `detail` is for people; `fields` names what is to blame."""

    code: str
    detail: str
    fields: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET


class MemberData(msgspec.Struct, frozen=True):
    user: UserData
    role: str
    muted_until: str | None


class MeData(UserData, frozen=True):
    email: str
    time_zone: str
    is_staff: bool
    is_superuser: bool


class LoginData(msgspec.Struct, frozen=True):
    """`current`: it is the one that asks."""

    id: str
    kind: str
    user_agent: str
    created_at: str
    current: bool


class TokenData(msgspec.Struct, frozen=True):
    id: str
    name: str
    scopes: list[str]
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class MadeToken(TokenData, frozen=True):
    """`token` opens doors, and is shown this once."""

    token: str


class HookData(msgspec.Struct, frozen=True):
    """An incoming webhook. `bot` is who says what comes by it."""

    id: str
    name: str
    room: str
    bot: UserData
    created_by: UserData
    created_at: str
    last_used_at: str | None


class MadeHook(HookData, frozen=True):
    """`url` opens the door, and is shown this once."""

    url: str


def hook_data(hook: IncomingHook) -> HookData:
    """`hook` comes with its `bot` and `created_by`."""
    return HookData(
        id=str(hook.pk),
        name=hook.name,
        room=str(hook.room_id),
        bot=user_data(hook.bot),
        created_by=user_data(hook.created_by),
        created_at=format_time(hook.created_at),
        last_used_at=_time(hook.last_used_at),
    )


def made_hook(hook: IncomingHook, url: str) -> MadeHook:
    return MadeHook(**msgspec.structs.asdict(hook_data(hook)), url=url)


class OutgoingHookData(msgspec.Struct, frozen=True, kw_only=True):
    """`events` are the types that are sent, all when it is empty; `cursor` is the last that was heard."""

    id: str
    room: str
    url: str
    events: list[str]
    cursor: int
    created_by: UserData
    created_at: str
    failing_since: str | None
    retry_at: str | None
    disabled_at: str | None
    disabled_why: str


class MadeOutgoingHook(OutgoingHookData, frozen=True, kw_only=True):
    """`secret` signs what is sent, and is shown this once."""

    secret: str


class DeliveryData(msgspec.Struct, frozen=True):
    """One try. `status` is that of the answer; null when there was none, then `error` says why."""

    seq: int
    type: str
    at: str
    milliseconds: int
    status: int | None
    error: str


def outgoing_hook_data(hook: OutgoingHook, secret: str | None = None) -> OutgoingHookData:
    """`hook` comes with its `created_by`."""
    fields: dict[str, Any] = {
        "id": str(hook.pk),
        "room": str(hook.room_id),
        "url": hook.url,
        "events": hook.events.split(),
        "cursor": hook.cursor,
        "created_by": user_data(hook.created_by),
        "created_at": format_time(hook.created_at),
        "failing_since": _time(hook.failing_since),
        "retry_at": _time(hook.retry_at),
        "disabled_at": _time(hook.disabled_at),
        "disabled_why": hook.disabled_why,
    }
    return OutgoingHookData(**fields) if secret is None else MadeOutgoingHook(**fields, secret=secret)


def delivery_data(delivery: Delivery) -> DeliveryData:
    return DeliveryData(
        seq=delivery.seq,
        type=delivery.type,
        at=format_time(delivery.at),
        milliseconds=delivery.milliseconds,
        status=delivery.status,
        error=delivery.error,
    )


def login_data(login: Login, current: uuid.UUID) -> LoginData:
    return LoginData(
        id=str(login.pk),
        kind=login.kind,
        user_agent=login.user_agent,
        created_at=format_time(login.created_at),
        current=login.pk == current,
    )


def token_data(token: Login) -> TokenData:
    return TokenData(
        id=str(token.pk),
        name=token.name,
        scopes=token.scopes.split(),
        created_at=format_time(token.created_at),
        expires_at=_time(token.expires_at),
        last_used_at=_time(token.last_used_at),
    )


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def made_token(token: Login, secret: str) -> MadeToken:
    return MadeToken(**msgspec.structs.asdict(token_data(token)), token=secret)


def rooms_as_seen(user: User, rooms: Sequence[Room]) -> list[PlaceData | SeenRoom]:
    """Rooms, which come with their `stream`, as `user` sees them. Two queries, however many they are."""
    memberships = Membership.objects.live().filter(user=user, room__in=rooms).with_unread()
    mine = {membership.room_id: membership for membership in memberships}
    peers = peers_of(rooms, user.pk)
    seen: list[PlaceData | SeenRoom] = []
    for room in rooms:
        membership = mine.get(room.pk)
        if membership is None:
            seen.append(SeenRoom(**msgspec.structs.asdict(room_data(room)), seq=room.stream.head))
        else:
            membership.room = room
            seen.append(place_data(membership, peers.get(room.pk), room.stream.head))
    return seen


def room_as_seen(user: User, room_id: int) -> PlaceData | SeenRoom:
    """One room that `user` is known to see."""
    return rooms_as_seen(user, [Room.objects.select_related("stream").get(pk=room_id)])[0]


def users_data(users: Sequence[User]) -> list[UserData]:
    return [user_data(user) for user in users]


def members_data(memberships: Sequence[Membership]) -> list[MemberData]:
    """Memberships, which come with their `user`."""
    return [
        MemberData(user_data(membership.user), membership.role, _time(membership.muted_until))
        for membership in memberships
    ]


def member_in(room_id: int, user_id: int) -> MemberData:
    """One who is in the room. Raises NotFound."""
    found = Membership.objects.live().filter(room=room_id, user=user_id).select_related("user")
    if not found:
        raise NotFound("this person is not in the room", field="user")  # put out again meanwhile
    return members_data(list(found))[0]


def me_data(user: User) -> MeData:
    return MeData(
        **msgspec.structs.asdict(user_data(user)),
        email=user.email,
        time_zone=user.time_zone,
        is_staff=user.is_staff,
        is_superuser=user.is_superuser,
    )


def one_message(message_id: int) -> MessageData:
    return messages_data([Message.objects.select_related("sender").get(pk=message_id)])[0]

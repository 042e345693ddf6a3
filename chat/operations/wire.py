"""Rows as the structs that go on the wire: the same in events, answers and REST."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from chat.models import Membership, Mention, Message, Room, User
from chat.models.prepared import Prepared, Row
from chat.operations.files.wire import attachments_data
from chat.operations.previews.wire import previews_data
from chat.protocol.events import MessageData, PinnedData, PlaceData, ReactionData, RepliesData, RoomData, UserData
from chat.protocol.values import format_time


def user_data(user: User) -> UserData:
    return UserData(id=str(user.pk), username=user.username, name=user.display_name, is_bot=user.is_bot, hue=user.hue)


def room_data(room: Room) -> RoomData:
    return RoomData(
        id=str(room.pk),
        slug=room.slug,
        name=room.name,
        kind=room.kind,
        topic=room.topic,
        archived=room.archived_at is not None,
        posting=room.posting,
        slow_seconds=room.slow_seconds,
        previews=room.previews,
    )


def place_data(membership: Membership, peer: User | None, seq: int) -> PlaceData:
    """A room as its member sees it. `membership` comes with `room` and the counts of `with_unread()`."""
    room = membership.room
    return PlaceData(
        id=str(room.pk),
        slug=room.slug,
        name=room.name if peer is None else peer.display_name,
        kind=room.kind,
        topic=room.topic,
        archived=room.archived_at is not None,
        posting=room.posting,
        slow_seconds=room.slow_seconds,
        muted_until=None if membership.muted_until is None else format_time(membership.muted_until),
        previews=room.previews,
        role=membership.role,
        seq=seq,
        read_seq=membership.read_seq,
        unread=getattr(membership, "unread", 0),
        mentions=getattr(membership, "mentions", 0),
        peer=None if peer is None else user_data(peer),
        level=membership.level or None,
    )


PLACE_COLUMNS: Final = (
    "room",
    "room__slug",
    "room__name",
    "room__kind",
    "room__topic",
    "room__archived_at",
    "room__previews",
    "role",
    "room__stream__head",
    "read_seq",
    "unread",
    "mentions",
    "room__posting",
    "room__slow_seconds",
    "muted_until",
    "level",
    "room__direct_key",
)
"""Of a membership with its counts; `place_fields` takes their values, as the database's driver gives them."""


def place_fields(row: Row, peer: UserData | None) -> dict[str, Any]:
    """The fields of a PlaceData: a room as its member sees it."""
    pk, slug, name, kind, topic, archived_at, previews, role, head, read_seq, unread, mentions, *rules, _ = row
    posting, slow, muted, level = rules
    return {
        "id": str(pk),
        "slug": slug,
        "name": name if peer is None else peer.name,
        "kind": kind,
        "topic": topic,
        "archived": archived_at is not None,
        "previews": bool(previews),
        "role": role,
        "seq": head,
        "read_seq": read_seq,
        "unread": unread,
        "mentions": mentions,
        "posting": posting,
        "slow_seconds": slow,
        "muted_until": None if muted is None else format_time(_moment(muted)),
        "level": level or None,
        "peer": peer,
    }


def _moment(given: datetime | str) -> datetime:
    """SQLite's driver gives text, in UTC."""
    return given if isinstance(given, datetime) else datetime.fromisoformat(given).replace(tzinfo=UTC)


_people: Final = Prepared(
    lambda ids: User.objects.filter(pk__in=ids).values_list("pk", "username", "name", "is_bot", "hue"), ids=list[int]
)


def people_data(ids: Collection[int]) -> dict[int, UserData]:
    """Those with these ids, by id. One query, or none."""
    return {
        pk: UserData(str(pk), username, name or username, bool(is_bot), hue)
        for pk, username, name, is_bot, hue in (_people(ids=list(ids)) if ids else ())
    }


def peers_of(rooms: Iterable[Room], user_id: int) -> dict[int, User]:
    """Direct room id → the other person in it, in one query."""
    peer_ids = {room.pk: room.peer_id(user_id) for room in rooms if room.kind == Room.Kind.DIRECT}
    if not peer_ids:
        return {}
    people = User.objects.in_bulk(set(peer_ids.values()))
    return {room_id: people[peer_id] for room_id, peer_id in peer_ids.items() if peer_id in people}


def message_data(message: Message, mentions: Iterable[int]) -> MessageData:
    """`message` comes with its `sender`."""
    return MessageData(
        id=str(message.pk),
        client_id=str(message.client_id),
        room=str(message.room_id),
        seq=message.seq,
        sender=user_data(message.sender),
        body=message.body,
        html=message.html,
        reply_to=None if message.reply_to_id is None else str(message.reply_to_id),
        mentions=[str(user_id) for user_id in mentions],
        everybody=message.everybody,
        pinned=pinned_data(message.pinned),
        attachments=attachments_data(message.attachments),
        created_at=format_time(message.created_at),
        edited_at=None if message.edited_at is None else format_time(message.edited_at),
        deleted_at=None if message.deleted_at is None else format_time(message.deleted_at),
        thread=None if message.thread_id is None else str(message.thread_id),
        reactions=reactions_data(message.reactions),
        replies=replies_data(message.thread_replies),
        previews=previews_data(message.previews),
    )


def reactions_data(stored: list[Any] | None) -> list[ReactionData]:
    """`Message.reactions` on the wire."""
    return [ReactionData(emoji, [str(user) for user in users]) for emoji, users in stored or ()]


def pinned_data(stored: dict[str, Any] | None) -> PinnedData | None:
    """`Message.pinned` on the wire."""
    return None if stored is None else PinnedData(str(stored["by"]), stored["at"])


def replies_data(stored: dict[str, Any] | None) -> RepliesData | None:
    """`Message.thread_replies` on the wire."""
    if stored is None:
        return None
    return RepliesData(stored["count"], stored["last_at"], [str(user) for user in stored["users"]])


def messages_data(messages: list[Message]) -> list[MessageData]:
    """Many messages, each with its `sender`; the people they name are read in one query."""
    mentions = Mention.objects.by_message(messages)
    return [message_data(message, mentions.get(message.pk, ())) for message in messages]

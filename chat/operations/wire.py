"""Rows as the structs that go on the wire: the same in events, answers and REST."""

from collections.abc import Iterable

from chat.models import Membership, Mention, Message, Room, User
from chat.protocol.events import MessageData, PlaceData, RoomData, UserData
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
        role=membership.role,
        seq=seq,
        read_seq=membership.read_seq,
        unread=getattr(membership, "unread", 0),
        mentions=getattr(membership, "mentions", 0),
        peer=None if peer is None else user_data(peer),
    )


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
        attachments=[],
        created_at=format_time(message.created_at),
        edited_at=None if message.edited_at is None else format_time(message.edited_at),
        deleted_at=None if message.deleted_at is None else format_time(message.deleted_at),
    )


def messages_data(messages: list[Message]) -> list[MessageData]:
    """Many messages, each with its `sender`; the people they name are read in one query."""
    mentions = Mention.objects.by_message(messages)
    return [message_data(message, mentions.get(message.pk, ())) for message in messages]

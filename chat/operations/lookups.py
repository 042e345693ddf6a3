"""What posting asks the database about many drafts at once: pairs looked up in an index, in one statement each.

The pairs stand first in a CROSS JOIN: so SQLite looks each up by both columns of an index. By `(a, b) IN (VALUES …)` it
would use the first alone, and read all that one person has ever posted to store one more message.
"""

import uuid
from dataclasses import dataclass

from django.db import connection

from chat.protocol.events import UserData
from chat.streams.pairs import with_pairs


@dataclass(frozen=True, slots=True)
class Place:
    """A live membership, as far as posting needs it."""

    archived: bool
    sender: UserData
    active: bool
    restrained: bool
    """Whether `chat.operations.restraints` has to be asked."""
    previews: bool
    pair: tuple[int, ...]
    """Both who are in it, of a direct room."""
    listened: bool
    """Whether `chat.operations.notifying.hearing.listeners` has to be asked."""


def places(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], Place]:
    """(room id, user id) → place, for those that are in the room."""
    wanted, parameters = with_pairs("wanted", pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {wanted}
            SELECT m.room_id, m.user_id, r.archived_at IS NOT NULL, u.is_active, u.username, u.name, u.is_bot, u.hue,
                m.role = 'member' AND NOT u.is_bot
                    AND (r.posting <> 'everyone' OR r.slow_seconds > 0 OR m.muted_until IS NOT NULL),
                r.previews, r.direct_key,
                EXISTS (SELECT 1 FROM chat_membership l WHERE l.room_id = r.id AND l.listens AND l.left_seq IS NULL)
            FROM wanted CROSS JOIN chat_membership m
            JOIN chat_room r ON r.id = m.room_id JOIN chat_user u ON u.id = m.user_id
            WHERE m.room_id = wanted.one AND m.user_id = wanted.other AND m.left_seq IS NULL
            """,
            parameters,
        )
        return {
            (room_id, user_id): Place(
                archived=bool(archived),
                active=bool(active),
                previews=bool(previews),
                sender=UserData(
                    id=str(user_id), username=username, name=name or username, is_bot=bool(is_bot), hue=hue
                ),
                restrained=bool(restrained),
                pair=tuple(map(int, key.split(":"))) if key else (),
                listened=bool(listened),
            )
            for (
                room_id,
                user_id,
                archived,
                active,
                username,
                name,
                is_bot,
                hue,
                restrained,
                previews,
                key,
                listened,
            ) in cursor
        }


def members(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (room id, user id) whose user is in the room."""
    if not pairs:
        return set()
    wanted, parameters = with_pairs("wanted", pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {wanted}
            SELECT m.room_id, m.user_id FROM wanted CROSS JOIN chat_membership m
            WHERE m.room_id = wanted.one AND m.user_id = wanted.other AND m.left_seq IS NULL
            """,
            parameters,
        )
        return set(cursor.fetchall())


def known_posts(keys: set[tuple[int, uuid.UUID]]) -> dict[tuple[int, uuid.UUID], tuple[int, int, int, bytes]]:
    """(sender id, client id) → (message id, number, room id, digest), for those stored before."""
    wanted, parameters = with_pairs("wanted", keys, "uuid")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {wanted}
            SELECT m.sender_id, m.client_id, m.id, m.seq, m.room_id, m.digest FROM wanted CROSS JOIN chat_message m
            WHERE m.sender_id = wanted.one AND m.client_id = wanted.other
            """,
            parameters,
        )
        return {
            (sender, client_id if isinstance(client_id, uuid.UUID) else uuid.UUID(client_id)): (
                message,
                seq,
                room_id,
                bytes(digest),
            )
            for sender, client_id, message, seq, room_id, digest in cursor.fetchall()
        }

"""Posting: the one way by which a message comes to be, from the socket, REST, a bot or an import."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chat.models import Mention, Message, Room, User, message_id
from chat.operations import checking
from chat.operations.rendering import Rendered, plain, render
from chat.protocol.errors import Conflict, Forbidden, NotFound, Refused
from chat.protocol.events import MessageData, UserData
from chat.protocol.limits import RATE_SECONDS
from chat.protocol.values import format_time
from chat.streams import log, writer
from chat.streams.inserting import insert_many
from chat.streams.rates import SlidingWindow

QUICK_CHARACTERS: Final = 2_000
posts_limit: Final = SlidingWindow(settings.POSTS_PER_10S, RATE_SECONDS, "posts")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way to the log: checked, rendered, not yet stored. `mentioned` are user ids."""

    sender_id: int
    room_id: int
    client_id: uuid.UUID
    body: str
    html: str
    mentioned: tuple[int, ...] = ()
    reply_to: int | None = None

    @property
    def digest(self) -> bytes:
        """Tells a repeat of this post from another under the same id, also after the words are edited or dropped."""
        return hashlib.blake2b(self.body.encode(), digest_size=16, key=self.client_id.bytes).digest()


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a post, alike however often it is sent. `repeated` tells that it was stored before."""

    message_id: int
    seq: int
    repeated: bool = False


def quick_draft(
    *, sender_id: int, room_id: int, client_id: uuid.UUID, body: str, reply_to: int | None = None
) -> Draft | None:
    """The draft of a short body without Markdown and mentions: microseconds, no query. None for any other."""
    rendered = None if len(checking.body(body)) > QUICK_CHARACTERS or "@" in body else plain(body)
    return rendered and _draft(sender_id, room_id, client_id, body, reply_to, rendered)


def draft(*, sender_id: int, room_id: int, client_id: uuid.UUID, body: str, reply_to: int | None = None) -> Draft:
    """Checks and renders. May query, and takes milliseconds for a long body: not for the event loop."""
    rendered = render(checking.body(body), people=User.objects.ids_by_key)
    return _draft(sender_id, room_id, client_id, body, reply_to, rendered)


def _draft(
    sender_id: int, room_id: int, client_id: uuid.UUID, body: str, reply_to: int | None, rendered: Rendered
) -> Draft:
    return Draft(sender_id, room_id, client_id, body, rendered.html, tuple(rendered.mentioned), reply_to)


def post_message(*, sender: User, room_id: int, client_id: uuid.UUID, body: str, reply_to: int | None = None) -> Posted:
    """Posts one message and returns once it is committed.

    A `client_id` that this sender has used before gives the first answer again.

    Raises:
        BadRequest, TooLarge: the body cannot be a message.
        NotFound: the room may not be seen by `sender`, or `reply_to` is not in it.
        Forbidden: `sender` is not in the room, or it is archived.
        Conflict: `client_id` stands for another room or body.
        RateLimited: too many posts of this person.
        Unavailable: the database is away.
    """
    posts_limit.count(sender.pk)
    prepared = draft(sender_id=sender.pk, room_id=room_id, client_id=client_id, body=body, reply_to=reply_to)
    posted: Posted = writer.commit(commit_posts, prepared)
    return posted


def commit_posts(drafts: Sequence[Draft]) -> list[Posted | Refused]:
    """Stores many drafts in one transaction: a `chat.streams.writer.Commit`. What is wrong with one fails it alone."""
    try:
        return _commit(drafts)
    except IntegrityError:
        # Another node was storing one of these client ids in another room: another lock. Now it is known.
        return _commit(drafts)


def _commit(drafts: Sequence[Draft]) -> list[Posted | Refused]:
    with transaction.atomic(), log.adding({draft.room_id for draft in drafts}) as additions:
        # Only now, with the rooms' streams locked, does nobody leave or archive in between.
        batch = _Batch(drafts)
        outcomes = [batch.take(draft, additions) for draft in drafts]
        batch.insert()
    return outcomes


@dataclass(frozen=True, slots=True)
class _Place:
    """A live membership, as far as posting needs it."""

    archived: bool
    sender: UserData
    active: bool


class _Batch:
    """The drafts of one transaction, with what the database knows about them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._at = timezone.now()
        self._places = _places({(draft.room_id, draft.sender_id) for draft in drafts})
        self._members = _members({(draft.room_id, user) for draft in drafts for user in draft.mentioned})
        self._known = known_posts({(draft.sender_id, draft.client_id) for draft in drafts})
        targets = {draft.reply_to for draft in drafts if draft.reply_to is not None}
        replies = Message.objects.filter(pk__in=targets, deleted_at=None).values_list("pk", "room_id")
        self._replies = dict(replies) if targets else {}
        self._messages: list[tuple[Any, ...]] = []
        self._mentions: list[tuple[int, int, int, int]] = []

    def take(self, draft: Draft, additions: log.Additions) -> Posted | Refused:
        key = (draft.sender_id, draft.client_id)
        known = self._known.get(key)
        if known is not None:
            message, seq, room_id, digest = known
            if room_id == draft.room_id and digest == draft.digest:
                return Posted(message, seq, repeated=True)
            return Conflict("this id was used for another message", field="id")
        place = self._places.get((draft.room_id, draft.sender_id))
        if place is None or not place.active:
            return _no_place(draft)
        if place.archived:
            return Forbidden("this room is archived", field="room")
        if draft.reply_to is not None and self._replies.get(draft.reply_to) != draft.room_id:
            return NotFound("there is no such message in this room", field="reply_to")
        return self._add(draft, place, additions)

    def _add(self, draft: Draft, place: _Place, additions: log.Additions) -> Posted:
        seq = additions.head(draft.room_id) + 1
        message = message_id(draft.room_id, seq)
        mentioned = [user for user in draft.mentioned if (draft.room_id, user) in self._members]
        data = posted_data(draft, seq, self._at, place.sender, mentioned)
        additions.add(draft.room_id, "message.posted", self._at, data, subject=message)
        self._messages.append(message_row(draft, seq, self._at))
        self._mentions.extend((message, user, draft.room_id, seq) for user in mentioned)
        self._known[draft.sender_id, draft.client_id] = (message, seq, draft.room_id, draft.digest)
        return Posted(message, seq)

    def insert(self) -> None:
        insert_many(Message, MESSAGE_COLUMNS, self._messages)
        insert_many(Mention, MENTION_COLUMNS, self._mentions)


MESSAGE_COLUMNS: Final = (
    "id",
    "room",
    "seq",
    "sender",
    "client_id",
    "digest",
    "body",
    "html",
    "reply_to",
    "created_at",
    "edited_at",
    "extra",
)
MENTION_COLUMNS: Final = ("message", "user", "room", "seq")


def posted_data(
    draft: Draft,
    seq: int,
    at: datetime,
    sender: UserData,
    mentioned: Iterable[int],
    edited_at: datetime | None = None,
    deleted_at: datetime | None = None,
) -> MessageData:
    """What the event of a post tells. `mentioned` are those of the draft who are in the room."""
    return MessageData(
        id=str(message_id(draft.room_id, seq)),
        client_id=str(draft.client_id),
        room=str(draft.room_id),
        seq=seq,
        sender=sender,
        body=draft.body,
        html=draft.html,
        reply_to=None if draft.reply_to is None else str(draft.reply_to),
        mentions=[str(user) for user in mentioned],
        attachments=[],
        created_at=format_time(at),
        edited_at=None if edited_at is None else format_time(edited_at),
        deleted_at=None if deleted_at is None else format_time(deleted_at),
    )


def message_row(
    draft: Draft, seq: int, at: datetime, edited_at: datetime | None = None, extra: Any = None
) -> tuple[Any, ...]:
    """The values of MESSAGE_COLUMNS."""
    return (
        message_id(draft.room_id, seq),
        draft.room_id,
        seq,
        draft.sender_id,
        draft.client_id,
        draft.digest,
        draft.body,
        draft.html,
        draft.reply_to,
        at,
        edited_at,
        extra,
    )


def _no_place(draft: Draft) -> Refused:
    """Tells a room that may be seen, but not written to, from one that may not."""
    open_room = Room.objects.filter(pk=draft.room_id, kind=Room.Kind.OPEN).exists()
    active = User.objects.filter(pk=draft.sender_id, is_active=True).exists()
    if open_room and active:
        return Forbidden("you are not in this room", field="room")
    return NotFound("there is no such room", field="room")


def _pairs(pairs: Iterable[tuple[Any, Any]]) -> tuple[str, list[Any]]:
    """`(VALUES (%s, %s), …)` and its parameters: both databases look pairs up in an index by it."""
    parameters = [value for pair in pairs for value in pair]
    return f"(VALUES {', '.join(['(%s, %s)'] * (len(parameters) // 2))})", parameters


def _places(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], _Place]:
    """(room id, user id) → place, for those that are in the room."""
    values, parameters = _pairs(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.room_id, m.user_id, r.archived_at IS NOT NULL, u.is_active, u.username, u.name, u.is_bot, u.hue
            FROM chat_membership m JOIN chat_room r ON r.id = m.room_id JOIN chat_user u ON u.id = m.user_id
            WHERE m.left_seq IS NULL AND (m.room_id, m.user_id) IN {values}
            """,
            parameters,
        )
        return {
            (room_id, user_id): _Place(
                archived=bool(archived),
                active=bool(active),
                sender=UserData(
                    id=str(user_id), username=username, name=name or username, is_bot=bool(is_bot), hue=hue
                ),
            )
            for room_id, user_id, archived, active, username, name, is_bot, hue in cursor.fetchall()
        }


def _members(pairs: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (room id, user id) whose user is in the room."""
    if not pairs:
        return set()
    values, parameters = _pairs(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT room_id, user_id FROM chat_membership WHERE left_seq IS NULL AND (room_id, user_id) IN {values}",
            parameters,
        )
        return set(cursor.fetchall())


def known_posts(keys: set[tuple[int, uuid.UUID]]) -> dict[tuple[int, uuid.UUID], tuple[int, int, int, bytes]]:
    """(sender id, client id) → (message id, number, room id, digest), for those stored before."""
    field = Message._meta.get_field("client_id")
    values, parameters = _pairs((sender, field.get_db_prep_value(client_id, connection)) for sender, client_id in keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT sender_id, client_id, id, seq, room_id, digest FROM chat_message
            WHERE (sender_id, client_id) IN {values}
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

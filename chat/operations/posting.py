"""Posting: the one way by which a message comes to be, from the socket, REST, a bot or an import."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from chat.models import Mention, Message, Room, User, message_id
from chat.operations.drafts import MENTION_COLUMNS, MESSAGE_COLUMNS, Draft, draft, message_row, posted_data
from chat.operations.everybody import Allowed
from chat.operations.files.attaching import Attaching
from chat.operations.files.wire import stored
from chat.operations.lookups import Place, known_posts, members, places
from chat.operations.notifying.posts import Notices
from chat.operations.notifying.reading import read_threads_so_far
from chat.operations.previews.links import has_links
from chat.operations.previews.tasks import make_previews
from chat.operations.replying import Threads
from chat.operations.restraints import Restraints
from chat.operations.search import indexing
from chat.operations.search.indexing import Words
from chat.protocol.errors import Conflict, Forbidden, NotFound, Refused
from chat.protocol.limits import RATE_SECONDS
from chat.streams import log, metrics, writer
from chat.streams.committing import PutOff, is_held
from chat.streams.inserting import insert_many
from chat.streams.rates import SlidingWindow

posts_limit: Final = SlidingWindow(settings.POSTS_PER_10S, RATE_SECONDS, "posts")


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a post, alike however often it is sent. `repeated` tells that it was stored before."""

    message_id: int
    seq: int
    repeated: bool = False


def post_message(
    *,
    sender: User,
    room_id: int,
    client_id: uuid.UUID,
    body: str,
    reply_to: int | None = None,
    thread: int | None = None,
    attachments: tuple[uuid.UUID, ...] = (),
) -> Posted:
    """Posts one message and returns once it is committed.

    A `client_id` that this sender has used before gives the first answer again. `thread` is the message under which
    it stands, instead of in the room.

    Raises:
        BadRequest, TooLarge: the body cannot be a message, or `thread` is in a thread itself.
        NotFound: the room may not be seen by `sender`, or `reply_to` or `thread` is not in it, or one of
            `attachments` is no unsent upload of `sender`.
        Forbidden: `sender` is not in the room, it is archived, only moderators write in it, or `sender` is muted.
        Conflict: `client_id` stands for another room, body or files.
        RateLimited: too many posts of this person, or the room is in slow mode.
        Unavailable: the database is away.
    """
    posts_limit.count(sender.pk)
    prepared = draft(
        sender_id=sender.pk,
        room_id=room_id,
        client_id=client_id,
        body=body,
        reply_to=reply_to,
        thread=thread,
        attachments=attachments,
    )
    posted: Posted = writer.commit(commit_posts, prepared)
    return posted


def commit_posts(drafts: Sequence[Draft]) -> list[Posted | Refused]:
    """Stores many drafts in one transaction: a `chat.streams.committing.Commit`. What is wrong with one fails it alone.

    In the writer those to a room that somebody else holds for long are put off, and the others stored.
    """
    try:
        outcomes = _commit(drafts)
    except IntegrityError:
        # Another node was storing one of these client ids in another room: another lock. Now it is known.
        outcomes = _commit(drafts)
    except OperationalError as error:
        if not is_held(error):
            raise
        outcomes = _commit(drafts, wait=False)
    return _counted(outcomes)


def _commit_free(drafts: Sequence[Draft]) -> list[Posted | Refused]:
    """As `commit_posts`, without waiting for anybody."""
    return _counted(_commit(drafts, wait=False))


def _counted(outcomes: list[Posted | Refused]) -> list[Posted | Refused]:
    done = (outcome for outcome in outcomes if not isinstance(outcome, PutOff))
    for outcome, number in Counter(map(_name, done)).items():
        metrics.posts.labels(outcome).inc(number)
    return outcomes


def _name(outcome: Posted | Refused) -> str:
    if isinstance(outcome, Refused):
        return outcome.code
    return "repeated" if outcome.repeated else "stored"


def _commit(drafts: Sequence[Draft], *, wait: bool = True) -> list[Posted | Refused]:
    rooms = {draft.room_id for draft in drafts}
    with transaction.atomic(), log.adding(rooms, owners=Room, wait=wait) as additions:
        # Only now, with the rooms' streams locked, does nobody leave or archive in between.
        batch = _Batch(drafts, additions)
        outcomes = [batch.take(draft, additions) for draft in drafts]
        batch.insert(additions)
    return outcomes


class _Batch:
    """The drafts of one transaction, with what the database knows about them."""

    def __init__(self, drafts: Sequence[Draft], additions: log.Additions) -> None:
        self._at = timezone.now()
        self._places = places({(draft.room_id, draft.sender_id) for draft in drafts})
        self._members = members({(draft.room_id, user) for draft in drafts for user in draft.mentioned})
        self._known = known_posts({(draft.sender_id, draft.client_id) for draft in drafts})
        targets = {draft.reply_to for draft in drafts if draft.reply_to is not None}
        self._replies = _rooms_of(targets) if targets else {}
        self._threads = Threads(draft.thread for draft in drafts if draft.thread is not None)
        self._attaching = Attaching(each for draft in drafts for each in draft.attachments)
        self._restraints = Restraints(pair for pair, place in self._places.items() if place.restrained)
        self._allowed = Allowed((draft.room_id, draft.sender_id) for draft in drafts if draft.everybody)
        self._notices = Notices(
            additions,
            self._at,
            listened={room for (room, _), place in self._places.items() if place.listened},
            directs={room: place.pair for (room, _), place in self._places.items() if place.pair},
            mentioning=self._members,
            replying=self._threads.hearing(drafts),
            calling=self._allowed.rooms,
            reading={(draft.room_id, draft.sender_id) for draft in drafts if draft.thread is not None},
        )
        self._messages: list[tuple[Any, ...]] = []
        self._mentions: list[tuple[int, int, int, int, int | None]] = []
        self._words: list[Words] = []
        self._linking: list[int] = []

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
        if not (additions.holds(draft.room_id) and self._notices.holds(draft.room_id)):
            return PutOff(again=_commit_free)
        if draft.reply_to is not None and self._replies.get(draft.reply_to) != draft.room_id:
            return NotFound("there is no such message in this room", field="reply_to")
        if draft.thread is not None and (problem := self._threads.problem(draft)) is not None:
            return problem
        if (missing := self._attaching.problem(draft)) is not None:
            return missing
        if (refusal := self._restraints.take((draft.room_id, draft.sender_id), self._at)) is not None:
            return refusal
        return self._add(draft, place, additions)

    def _add(self, draft: Draft, place: Place, additions: log.Additions) -> Posted:
        seq = additions.head(draft.room_id) + 1
        message = message_id(draft.room_id, seq)
        everybody, html = self._allowed.settle(
            draft.everybody, draft.html, room=draft.room_id, sender=draft.sender_id, thread=draft.thread
        )
        if everybody is not draft.everybody:
            draft = replace(draft, everybody=everybody, html=html)
        mentioned = [user for user in draft.mentioned if (draft.room_id, user) in self._members]
        followers = self._threads.add(draft, seq, self._at, mentioned)
        files = self._attaching.add(draft, seq)
        data = posted_data(draft, seq, self._at, place.sender, mentioned, followers=followers, attachments=files)
        additions.add(draft.room_id, "message.posted", self._at, data, subject=message)
        self._messages.append(message_row(draft, seq, self._at, attachments=stored(files)))
        self._mentions.extend((message, user, draft.room_id, seq, draft.thread) for user in mentioned)
        names = [file.name for file in files]
        self._notices.add(
            draft,
            message,
            seq,
            sender=place.sender,
            mentioned=mentioned,
            followers=followers or (),
            files=names,
        )
        self._words.append(Words(message, draft.sender_id, self._at, draft.body, draft.html, names))
        if place.previews and has_links(draft.html):
            self._linking.append(message)
        self._known[draft.sender_id, draft.client_id] = (message, seq, draft.room_id, draft.digest)
        return Posted(message, seq)

    def insert(self, additions: log.Additions) -> None:
        insert_many(Message, MESSAGE_COLUMNS, self._messages)
        insert_many(Mention, MENTION_COLUMNS, self._mentions)
        indexing.add(self._words)
        self._attaching.write()
        self._threads.write()
        self._restraints.write()
        self._notices.write()
        read_threads_so_far(self._threads.read(), self._at, additions)
        for message in self._linking:
            make_previews.enqueue(message)


def _rooms_of(messages: set[int]) -> dict[int, int]:
    """Message id → room id, for those that are not deleted."""
    return dict(Message.objects.filter(pk__in=messages, deleted_at=None).values_list("pk", "room_id"))


def _no_place(draft: Draft) -> Refused:
    """Tells a room that may be seen, but not written to, from one that may not."""
    open_room = Room.objects.filter(pk=draft.room_id, kind=Room.Kind.OPEN).exists()
    active = User.objects.filter(pk=draft.sender_id, is_active=True).exists()
    if open_room and active:
        return Forbidden("you are not in this room", field="room")
    return NotFound("there is no such room", field="room")

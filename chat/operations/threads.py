"""Threads: replies that stand beside the room, under the message that began them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from chat.models import Message, ThreadFollower, User
from chat.operations.drafts import Draft
from chat.protocol.errors import BadRequest, NotFound
from chat.protocol.values import format_time
from chat.streams import log

FIRST_USERS: Final = 5
"""So many of those who replied first are told with the root."""


@dataclass(slots=True)
class _Thread:
    room_id: int
    thread_id: int | None
    sender_id: int
    deleted: bool
    replies: dict[str, Any] | None
    followers: dict[int, bool] = field(default_factory=dict)
    """User id → whether they follow, for those who have to do with it."""
    new: dict[int, int] = field(default_factory=dict)
    """User id → how far they have read, of followers who are not stored yet or follow again."""
    told: bool = False
    """Whether a reply was added: only then is its room's stream sure to be locked, and it may be written."""


class Threads:
    """The threads that the posts of one transaction name."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        roots = {draft.thread for draft in drafts if draft.thread is not None}
        self._threads = _read(roots) if roots else {}

    def problem(self, draft: Draft) -> NotFound | BadRequest | None:
        """Why this draft cannot go to its thread."""
        thread = self._threads.get(draft.thread or 0)
        if thread is None or thread.room_id != draft.room_id or (thread.deleted and thread.replies is None):
            return NotFound("there is no such message in this room", field="thread")
        if thread.thread_id is not None:
            return BadRequest("this message is in a thread itself", field="thread")
        return None

    def add(self, draft: Draft, seq: int, at: datetime, mentioned: Iterable[int]) -> list[int] | None:
        """Takes note of a reply; returns who follows the thread now. None for a post to the room itself."""
        if draft.thread is None:
            return None
        thread = self._threads[draft.thread]
        thread.told = True
        replies = thread.replies or {"count": 0, "users": []}
        users = replies["users"]
        if draft.sender_id not in users and len(users) < FIRST_USERS:
            users = [*users, draft.sender_id]
        thread.replies = {"count": replies["count"] + 1, "last_at": format_time(at), "users": users}
        for user in {thread.sender_id, *mentioned} - thread.followers.keys() - {draft.sender_id}:
            thread.followers[user] = True
            thread.new[user] = seq - 1
        if not thread.followers.get(draft.sender_id):
            thread.new[draft.sender_id] = seq
        thread.followers[draft.sender_id] = True
        return sorted(user for user, following in thread.followers.items() if following)

    def write(self) -> None:
        for root, thread in self._threads.items():
            if thread.told:
                Message.objects.filter(pk=root).update(thread_replies=thread.replies)
        rows = [
            ThreadFollower(root_id=root, user_id=user, read_seq=read_seq)
            for root, thread in self._threads.items()
            for user, read_seq in thread.new.items()
        ]
        if rows:
            ThreadFollower.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["root", "user"], update_fields=["following", "read_seq"]
            )


def _read(roots: set[int]) -> dict[int, _Thread]:
    columns = ("pk", "room_id", "thread_id", "sender_id", "deleted_at", "thread_replies")
    found = {
        pk: _Thread(room_id, thread_id, sender_id, deleted_at is not None, replies)
        for pk, room_id, thread_id, sender_id, deleted_at, replies in Message.objects.filter(pk__in=roots).values_list(
            *columns
        )
    }
    followers = ThreadFollower.objects.filter(root__in=found).values_list("root_id", "user_id", "following")
    for root, user, following in followers:
        found[root].followers[user] = following
    return found


def dropped(message: Message) -> None:
    """A reply was deleted: its thread holds one less. The room's stream is locked."""
    if message.thread_id is None:
        return
    root = Message.objects.get(pk=message.thread_id)
    assert root.thread_replies is not None
    root.thread_replies["count"] -= 1
    root.save(update_fields=["thread_replies"])


def follow_thread(*, actor: User, message_id: int, on: bool) -> int:
    """`actor` hears of the replies in the thread of a message, or no more; returns the number of the event in their
    stream, or its head if nothing changed. Who begins to follow has read what is there.

    Raises:
        BadRequest: the message is in a thread itself.
        NotFound: there is no such message, or `actor` may not see it.
    """
    root = root_of(actor, message_id)
    with transaction.atomic(), log.adding([actor.pk]) as additions:
        follower = ThreadFollower.objects.filter(root=root, user=actor).first()
        if (follower is not None and follower.following) == on:
            return additions.head(actor.pk)
        head = _head(root)
        ThreadFollower.objects.update_or_create(
            root=root, user=actor, defaults={"following": on}, create_defaults={"following": on, "read_seq": head}
        )
        return _tell(actor, root, additions)


def read_thread(*, actor: User, room_id: int, message_id: int, seq: int, unread: bool = False) -> None:
    """Moves how far `actor` has read a thread, on all their devices. It never moves back unless `unread`.

    Of a thread that they have nothing to do with nothing is kept.

    Raises:
        BadRequest: `seq` is negative, or the message is in a thread itself.
        NotFound: there is no such message in the room, or `actor` may not see it.
    """
    if seq < 0:
        raise BadRequest("seq is negative", field="seq")
    root = root_of(actor, message_id)
    if root.room_id != room_id:
        raise NotFound("there is no such message in this room", field="thread")
    with transaction.atomic(), log.adding([actor.pk]) as additions:
        follower = ThreadFollower.objects.filter(root=root, user=actor).first()
        seq = min(seq, _head(root))
        if follower is None or seq == follower.read_seq or (seq < follower.read_seq and not unread):
            return
        follower.read_seq = seq
        follower.save(update_fields=["read_seq"])
        _tell(actor, root, additions)


def root_of(actor: User, message_id: int) -> Message:
    """The message that a thread begins with, also when it was deleted but has replies.

    Raises BadRequest, or NotFound, naming `thread`.
    """
    root = Message.objects.visible_to(actor).filter(pk=message_id).select_related("room__stream", "sender").first()
    if root is None or (root.deleted_at is not None and root.thread_replies is None):
        raise NotFound("there is no such message", field="thread")
    if root.thread_id is not None:
        raise BadRequest("this message is in a thread itself", field="thread")
    return root


def _head(root: Message) -> int:
    return log.heads([root.room_id])[root.room_id]


def _tell(actor: User, root: Message, additions: log.Additions) -> int:
    # The head is read with the counts: who counts on from there counts right.
    row: Any = (
        ThreadFollower.objects.filter(root=root, user=actor).with_unread().select_related("root__room__stream").get()
    )
    data = {
        "thread": str(root.pk),
        "room": str(root.room_id),
        "following": row.following,
        "seq": row.root.room.stream.head,
        "read_seq": row.read_seq,
        "unread": row.unread,
        "mentions": row.mentions,
    }
    return additions.add(actor.pk, "thread.updated", timezone.now(), data)

"""Threads: replies that stand beside the room, under the message that began them."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.models import Message, ThreadFollower, User
from chat.operations.notifying.reading import read_threads_so_far
from chat.protocol.errors import BadRequest, NotFound
from chat.streams import log


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
        read_threads_so_far({(root.pk, actor.pk): seq}, timezone.now(), additions)


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

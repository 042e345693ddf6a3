"""Replies on their way to the log, and the threads that they go to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from chat.models import Message, ThreadFollower
from chat.operations.drafts import Draft
from chat.operations.notifying.hearing import Pair
from chat.protocol.errors import BadRequest, NotFound
from chat.protocol.values import format_time

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
    imported: set[int] = field(default_factory=set)
    """Of those stored, who was brought in by an import under way: its end tells how far they have read."""
    replied: dict[int, int] = field(default_factory=dict)
    """User id → the number of their last reply, which they have read up to."""
    stored: bool = True
    told: bool = False
    """Whether a reply was added: only then is its room's stream sure to be locked, and it may be written."""


class Threads:
    """The threads that the posts of one transaction name, by the ids of their roots."""

    def __init__(self, roots: Iterable[int]) -> None:
        wanted = set(roots)
        self._threads = _read(wanted) if wanted else {}

    def begin(self, message_id: int, draft: Draft, *, deleted: bool = False) -> None:
        """A message of this very transaction may get replies. Who stores it asks `replies` what its row holds."""
        self._threads[message_id] = _Thread(draft.room_id, draft.thread, draft.sender_id, deleted, None, stored=False)

    def is_root(self, message_id: int) -> bool:
        """Whether this message is known here, and in no thread itself."""
        thread = self._threads.get(message_id)
        return thread is not None and thread.thread_id is None

    def replies(self, message_id: int) -> dict[str, Any] | None:
        """What the thread of a message holds, with all that was added."""
        thread = self._threads.get(message_id)
        return None if thread is None else thread.replies

    def problem(self, draft: Draft) -> NotFound | BadRequest | None:
        """Why this draft cannot go to its thread."""
        thread = self._threads.get(draft.thread or 0)
        if thread is None or thread.room_id != draft.room_id or (thread.deleted and thread.replies is None):
            return NotFound("there is no such message in this room", field="thread")
        if thread.thread_id is not None:
            return BadRequest("this message is in a thread itself", field="thread")
        return None

    def hearing(self, drafts: Iterable[Draft]) -> dict[int, tuple[int, set[int]]]:
        """Root id → its room, and who may follow the thread once these are in it."""
        found: dict[int, tuple[int, set[int]]] = {}
        for draft in drafts:
            if draft.thread is not None and (thread := self._threads.get(draft.thread)) is not None:
                first = {user for user, following in thread.followers.items() if following} | {thread.sender_id}
                _, users = found.setdefault(draft.thread, (thread.room_id, first))
                users |= {draft.sender_id, *draft.mentioned}
        return found

    def read(self) -> dict[Pair, int]:
        """(root id, user id) → how far who replied has thereby read."""
        return {(root, user): seq for root, thread in self._threads.items() for user, seq in thread.replied.items()}

    def add(self, draft: Draft, seq: int, at: datetime, mentioned: Iterable[int]) -> list[int] | None:
        """Takes note of a reply; returns who follows the thread now. None for a post to the room itself.

        Who replies follows the thread, and has read it.
        """
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
        if not thread.followers.get(draft.sender_id) or draft.sender_id in thread.new:
            thread.new[draft.sender_id] = seq
        thread.replied[draft.sender_id] = seq
        thread.followers[draft.sender_id] = True
        return sorted(user for user, following in thread.followers.items() if following)

    def drop(self, root: int) -> None:
        """The reply that was added last is one that was deleted."""
        replies = self._threads[root].replies
        assert replies is not None
        self._threads[root].replies = {**replies, "count": replies["count"] - 1}

    def write(self, *, read: int | None = None) -> None:
        """After the messages. `read`: how far all new followers have read, if it is not as far as they know."""
        for root, thread in self._threads.items():
            if thread.told and thread.stored:
                Message.objects.filter(pk=root).update(thread_replies=thread.replies)
        rows = []
        for root, thread in self._threads.items():
            places = {user: seq for user, seq in thread.replied.items() if user not in thread.imported}
            places |= thread.new if read is None else dict.fromkeys(thread.new, read)
            rows += [ThreadFollower(root_id=root, user_id=user, read_seq=seq) for user, seq in places.items()]
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
    followers = ThreadFollower.objects.filter(root__in=found).values_list("root_id", "user_id", "following", "read_seq")
    for root, user, following, read_seq in followers:
        found[root].followers[user] = following
        if read_seq == 0:
            found[root].imported.add(user)
    return found

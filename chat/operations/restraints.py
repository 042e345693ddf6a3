"""What keeps a member from writing: a room for moderators, slow mode, being muted. Most are hushed by nothing.

Bots never are: those who moderate a room let them in, by a webhook of it or as a member, for the news that they bring.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chat.models import Membership, Room
from chat.protocol.errors import Forbidden, RateLimited, Refused
from chat.protocol.values import format_time


def problem(membership: Membership, at: datetime) -> Refused | None:
    """Why this member may not write just now, except for what slow mode says. It comes with its `room`."""
    if membership.moderates:
        return None
    if membership.room.posting == Room.Posting.MODERATORS:
        return Forbidden("only moderators write in this room", field="room")
    return muted(membership, at)


def muted(membership: Membership, at: datetime) -> Refused | None:
    """Why this member may not even react. Where only moderators write, all may."""
    if membership.muted_until is None or membership.muted_until <= at or membership.moderates:
        return None
    return Forbidden(f"you may write here again at {format_time(membership.muted_until)}", field="room")


class Restraints:
    """Of those (room id, user id) that may be kept from writing, within the transaction that stores what they write."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        wanted = set(pairs)
        self._members: dict[tuple[int, int], Membership] = {}
        self._posted: list[Membership] = []
        if wanted:
            rooms, users = zip(*wanted, strict=True)
            live = Membership.objects.live().filter(room__in=rooms, user__in=users).select_related("room")
            self._members = {(row.room_id, row.user_id): row for row in live}

    def take(self, pair: tuple[int, int], at: datetime) -> Refused | None:
        """Why this post cannot be; takes note of it when it can."""
        membership = self._members.get(pair)
        if membership is None:
            return None
        if (found := problem(membership, at) or _too_soon(membership, at)) is not None:
            return found
        if membership.room.slow_seconds and not membership.moderates:
            membership.posted_at = at
            self._posted.append(membership)
        return None

    def write(self) -> None:
        if self._posted:
            Membership.objects.bulk_update(self._posted, ["posted_at"])


def _too_soon(membership: Membership, at: datetime) -> RateLimited | None:
    seconds = membership.room.slow_seconds
    if not seconds or membership.moderates or membership.posted_at is None:
        return None
    left = (membership.posted_at + timedelta(seconds=seconds) - at).total_seconds()
    return RateLimited(f"slow mode: one message in {seconds} s", retry_after=left) if left > 0 else None

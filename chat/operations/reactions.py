"""Emoji under what was said."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chat.models import Message, User
from chat.operations import checking
from chat.operations.restraints import muted
from chat.operations.wire import user_data
from chat.protocol import emoji as known
from chat.protocol.errors import BadRequest
from chat.protocol.limits import RATE_SECONDS, REACTIONS
from chat.streams import log
from chat.streams.rates import SlidingWindow

reactions_limit: Final = SlidingWindow(settings.POSTS_PER_10S, RATE_SECONDS, "reactions")

Reactions = list[tuple[str, list[int]]]


def react(*, actor: User, message_id: int, emoji: str, on: bool) -> int:
    """`actor` reacts with an emoji, or no more; returns the number of the event, or the head if nothing changed.

    Raises:
        BadRequest: that is not one emoji, or the message has as many different ones as it may.
        NotFound: there is no such message, or `actor` may not see it.
        Forbidden: the room is archived, or `actor` is muted there.
        RateLimited: too many reactions of this person.
    """
    reactions_limit.count(actor.pk)
    found = known.canonical(emoji)
    if found is None:
        raise BadRequest("emoji is one emoji", field="emoji")
    room_id = checking.message_of(actor, message_id).room_id
    with transaction.atomic(), log.adding([room_id]) as additions:
        message = checking.message_of(actor, message_id)
        checking.open_for_writing(message.room)
        if on and (refusal := muted(checking.membership_of(actor, message.room), timezone.now())) is not None:
            raise refusal
        reactions = changed(message.reactions or [], found, actor.pk, on=on)
        if reactions is None:
            return additions.head(room_id)
        if len(reactions) > REACTIONS:
            raise BadRequest(f"a message has at most {REACTIONS} different emoji", field="emoji")
        Message.objects.filter(pk=message.pk).update(reactions=reactions or None)
        data = {
            "message": str(message.pk),
            "room": str(room_id),
            "seq": message.seq,
            "emoji": found,
            "user": user_data(actor),
        }
        kind = "reaction.added" if on else "reaction.removed"
        return additions.add(room_id, kind, timezone.now(), data, subject=message.pk)


def changed(reactions: Reactions, emoji: str, user_id: int, *, on: bool) -> Reactions | None:
    """The reactions after this one; None when it changes nothing."""
    users = next((users for each, users in reactions if each == emoji), [])
    if (user_id in users) == on:
        return None
    if on and not users:
        return [*reactions, (emoji, [user_id])]
    after = [*users, user_id] if on else [user for user in users if user != user_id]
    replaced = [(each, after if each == emoji else users) for each, users in reactions]
    return [(each, users) for each, users in replaced if users]

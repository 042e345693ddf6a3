"""Incoming webhooks: made and revoked by those who moderate a room, used by whoever knows the URL."""

import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from chat.models import IncomingHook, User
from chat.operations import checking, membership
from chat.operations.people import add_user, disable_user
from chat.operations.posting import Posted, post_message
from chat.operations.secrets import digest, new_secret
from chat.protocol.errors import Conflict, NotFound
from chat.protocol.limits import NAME_CHARACTERS
from chat.streams import writer

MOST: Final = 20
"""Hooks that one room may have at a time."""
NOTED: Final = timedelta(minutes=1)


def create_hook(*, actor: User, room_id: int, name: str) -> tuple[IncomingHook, str]:
    """Makes a hook, with a bot of that name in the room; gives its row and the secret part of its URL.

    Raises:
        NotFound: `actor` may not see the room.
        Forbidden: they do not moderate it, or it is direct or archived.
        BadRequest: the name cannot be.
        Conflict: there are too many.
    """
    name = checking.text("name", name, most=NAME_CHARACTERS, required=True)
    with transaction.atomic():
        room = checking.room_for_hooks(actor, room_id)
        if hooks_of(room.pk).count() >= MOST:
            raise Conflict(f"{MOST} hooks are the most: revoke one that is not used any more")
        username = f"{slugify(name)[:40] or 'hook'}-{uuid.uuid4().hex[:6]}"
        bot = add_user(username=username, password=None, name=name, is_bot=True)
        membership.add_member(actor=actor, room_id=room_id, user_id=bot.pk)
        secret = new_secret()
        hook = IncomingHook.objects.create(room=room, bot=bot, name=name, token_hash=digest(secret), created_by=actor)
    return hook, secret


def revoke_hook(*, actor: User, room_id: int, hook_id: int) -> None:
    """Closes the door, and takes its bot out of the room. Raises NotFound, or Forbidden, like `create_hook`."""
    with transaction.atomic():
        room = checking.moderated(actor, room_id)
        hook = hooks_of(room.pk).filter(pk=hook_id).first()
        if hook is None:
            raise NotFound("there is no such hook")
        hook.revoked_at = timezone.now()
        hook.save(update_fields=["revoked_at"])
        if room.memberships.live().filter(user=hook.bot_id).exists():
            membership.remove_member(actor=None, room_id=room.pk, user_id=hook.bot_id)
        disable_user(actor=None, user_id=hook.bot_id)


def post_by_hook(*, secret: str, body: str, client_id: uuid.UUID | None = None) -> Posted:
    """Posts through a hook; the same `client_id` again gives the first answer.

    Raises NotFound when there is no such hook, and like `post_message`.
    """
    hook = IncomingHook.objects.live().filter(token_hash=digest(secret)).select_related("bot").first()
    if hook is None:
        raise NotFound("there is no such hook")
    now = timezone.now()
    if hook.last_used_at is None or now - hook.last_used_at > NOTED:
        writer.later(IncomingHook.objects.filter(pk=hook.pk).update, last_used_at=now)
    return post_message(sender=hook.bot, room_id=hook.room_id, client_id=client_id or uuid.uuid4(), body=body)


def hooks_of(room_id: int) -> QuerySet[IncomingHook]:
    """Those that work, oldest first."""
    return IncomingHook.objects.live().filter(room=room_id).select_related("bot", "created_by").order_by("pk")

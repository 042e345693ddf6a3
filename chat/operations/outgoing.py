"""Outgoing webhooks: made by those who moderate a room, sent to by `chat.hooks`."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from msgspec import UNSET, UnsetType

from chat.models import OutgoingHook, Stream, User
from chat.models.outgoing import URL_CHARACTERS
from chat.operations import checking
from chat.operations.secrets import new_secret
from chat.protocol.errors import BadRequest, Conflict, NotFound
from chat.protocol.told import ROOM_EVENTS

PLAIN: Final = re.compile(r"[!-~]+")
_STATE: Final = ("created_by", "disabled_at", "disabled_why", "failures", "failing_since", "retry_at")
MOST: Final = 20
"""Hooks that one room may have at a time."""


def create_hook(*, actor: User, room_id: int, url: str, events: Collection[str] = ()) -> OutgoingHook:
    """Makes a hook that gets what happens from now on; of these types, or all.

    Raises:
        NotFound: `actor` may not see the room.
        Forbidden: they do not moderate it, or it is direct or archived.
        BadRequest: the URL or a type cannot be.
        Conflict: there are too many.
    """
    room = checking.room_for_hooks(actor, room_id)
    if hooks_of(room.pk).count() >= MOST:
        raise Conflict(f"{MOST} hooks are the most: delete one that is not used any more")
    return OutgoingHook.objects.create(
        room=room,
        url=_url(url),
        secret=new_secret(),
        events=_types(events),
        cursor=Stream.objects.values_list("head", flat=True).get(pk=room.pk),
        created_by=actor,
    )


def update_hook(
    *,
    actor: User,
    room_id: int,
    hook_id: int,
    url: str | UnsetType = UNSET,
    events: Collection[str] | UnsetType = UNSET,
    enabled: bool | UnsetType = UNSET,
) -> OutgoingHook:
    """Changes what is given. Who is enabled again goes on where it stopped. Raises like `create_hook`."""
    hook = hook_of(actor, room_id, hook_id)
    if url is not UNSET:
        hook.url = _url(url)
    if events is not UNSET:
        hook.events = _types(events)
    if enabled is not UNSET:
        _set_enabled(hook, enabled, actor)
    hook.save(update_fields=["url", "events", *_STATE])
    return hook


def delete_hook(*, actor: User, room_id: int, hook_id: int) -> None:
    """Raises like `create_hook`."""
    hook_of(actor, room_id, hook_id).delete()


def redeliver(*, actor: User, room_id: int, hook_id: int, seq: int) -> OutgoingHook:
    """Sends the event with this number again, and all after it.

    Raises BadRequest for one that has not been sent yet, and like `create_hook`.
    """
    hook = hook_of(actor, room_id, hook_id)
    if not 1 <= seq <= hook.cursor:
        raise BadRequest(f"seq is a number from 1 to {hook.cursor}", field="seq")
    _set_enabled(hook, True, actor)
    hook.cursor = seq - 1
    hook.save(update_fields=["cursor", *_STATE])
    return hook


def hooks_of(room_id: int) -> QuerySet[OutgoingHook]:
    """Oldest first."""
    return OutgoingHook.objects.filter(room=room_id).select_related("created_by").order_by("pk")


def hook_of(actor: User, room_id: int, hook_id: int) -> OutgoingHook:
    """For whoever moderates the room. Raises NotFound or Forbidden."""
    hook = hooks_of(checking.moderated(actor, room_id).pk).filter(pk=hook_id).first()
    if hook is None:
        raise NotFound("there is no such hook")
    return hook


def _set_enabled(hook: OutgoingHook, enabled: bool, actor: User) -> None:
    """Whoever enables it answers for it from now on: it sends as long as they moderate the room."""
    if enabled:
        hook.created_by = actor
    hook.failures, hook.failing_since, hook.retry_at = 0, None, None
    hook.disabled_at = None if enabled else timezone.now()
    hook.disabled_why = "" if enabled else "by hand"


def _url(text: str) -> str:
    """Raises BadRequest for what is never sent to, whatever its name stands for."""
    text = checking.text("url", text, most=URL_CHARACTERS, required=True)
    schemes = ("https", "http") if settings.HOOKS_ALLOW_PRIVATE else ("https",)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadRequest("url is none", field="url") from None
    if parts.scheme not in schemes or not parts.hostname:
        raise BadRequest(f"url begins with {' or '.join(schemes)}:// and a host name", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment or not PLAIN.fullmatch(text):
        raise BadRequest("url has no user, password, fragment or space, and is plain ASCII", field="url")
    if not settings.HOOKS_ALLOW_PRIVATE and port not in (None, 443):
        raise BadRequest("url has the port of https, 443", field="url")
    return text


def _types(events: Collection[str]) -> str:
    unknown = set(events) - ROOM_EVENTS.keys()
    if unknown:
        raise BadRequest(f"there is no event {min(unknown)[:40]!r} of rooms", field="events")
    return " ".join(name for name in ROOM_EVENTS if name in events)

"""What is written down of sending: who has which hook, how far it is, and what became of each try."""

import random
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chat.hooks.request import Outcome
from chat.models import Delivery, Membership, OutgoingHook
from chat.streams import metrics

logger = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than one request takes: who has it for longer is dead."""
FIRST_RETRY_SECONDS: Final = 5.0
LAST_RETRY_SECONDS: Final = 3600.0
GIVE_UP = timedelta(hours=24)
KEPT: Final = 100
"""Tries that are kept of each hook."""


def is_due() -> bool:
    """Whether there is anything to send, for a reader thread."""
    return OutgoingHook.objects.due(timezone.now()).exists()


def take(most: int) -> list[OutgoingHook]:
    """Takes the lease of up to `most` hooks that are due. Of two processes at once one gets each.

    What nobody answers for any more is disabled instead: whoever was put out of a room is not to go on reading there.
    """
    now = timezone.now()
    taken = []
    for hook in OutgoingHook.objects.due(now).order_by("retry_at", "pk")[:most]:
        if not _is_answered_for(hook):
            _disable(hook, now)
            continue
        lease = now + LEASE
        if OutgoingHook.objects.due(now).filter(pk=hook.pk).update(leased_until=lease):
            hook.leased_until = lease
            taken.append(hook)
    return taken


def _is_answered_for(hook: OutgoingHook) -> bool:
    """Whether whoever made it, or enabled it last, moderates the room still."""
    moderators = Membership.objects.live().moderating().filter(room=hook.room_id, user__is_active=True)
    return moderators.filter(user=hook.created_by_id).exists()


def _disable(hook: OutgoingHook, now: datetime) -> None:
    why = "whoever made it does not moderate the room any more"
    if OutgoingHook.objects.due(now).filter(pk=hook.pk).update(disabled_at=now, disabled_why=why):
        logger.warning("a webhook is disabled", hook=hook.pk, room=hook.room_id, why=why)


def note(hook: OutgoingHook, seq: int, type: str, outcome: Outcome) -> bool:
    """Writes down one try, and what follows from it. False when this process is not to go on with the hook.

    Only the holder of the lease writes, and only on from where the hook stands: whoever asked for something to be sent
    again meanwhile is not overruled.
    """
    now = timezone.now()
    metrics.hook_deliveries.labels("heard" if outcome.heard else "failed").inc()
    with transaction.atomic():
        if not OutgoingHook.objects.filter(pk=hook.pk).exists():
            return False
        Delivery.objects.create(
            hook_id=hook.pk,
            seq=seq,
            type=type,
            at=now,
            milliseconds=outcome.milliseconds,
            status=outcome.status,
            error=outcome.error,
        )
        if not outcome.heard:
            _note_failure(hook, outcome, now)
            return False
        lease = now + LEASE
        moved = _mine(hook).update(cursor=seq, leased_until=lease, failures=0, failing_since=None, retry_at=None)
        hook.cursor, hook.leased_until, hook.failures, hook.failing_since = seq, lease, 0, None
        return bool(moved)


def _mine(hook: OutgoingHook) -> QuerySet[OutgoingHook]:
    """The hook's row, as long as it is as this process has taken it."""
    return OutgoingHook.objects.filter(pk=hook.pk, leased_until=hook.leased_until, cursor=hook.cursor, disabled_at=None)


def _note_failure(hook: OutgoingHook, outcome: Outcome, now: datetime) -> None:
    since = hook.failing_since or now
    wait = min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(hook.failures, 20)) * random.uniform(0.8, 1.2)
    changes = {
        "failures": hook.failures + 1,
        "failing_since": since,
        "retry_at": now + timedelta(seconds=wait),
        "leased_until": None,
    }
    why = ""
    if outcome.status == 410:
        why = "the other end says that it is gone (410)"
    elif now - since >= GIVE_UP:
        why = f"a day of failures; the last: {outcome.status or outcome.error}"
    if why:
        changes |= {"disabled_at": now, "disabled_why": why[:200]}
        logger.warning("a webhook is disabled", hook=hook.pk, room=hook.room_id, why=why)
    _mine(hook).update(**changes)


def skip(hook: OutgoingHook, seq: int) -> bool:
    """Moves past events that the hook does not want. False like `note`."""
    moved = _mine(hook).update(cursor=seq)
    hook.cursor = seq
    return bool(moved)


def give_back(hook: OutgoingHook) -> None:
    """Somebody else may have it; forgets the oldest tries."""
    OutgoingHook.objects.filter(pk=hook.pk, leased_until=hook.leased_until).update(leased_until=None)
    kept = list(Delivery.objects.filter(hook=hook.pk).order_by("-pk").values_list("pk", flat=True)[:KEPT])
    if len(kept) == KEPT:
        Delivery.objects.filter(hook=hook.pk, pk__lt=kept[KEPT - 1]).delete()

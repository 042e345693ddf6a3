"""What is pushed in the background. Each may be begun anew after any of its steps: a device shows one with the tag of
another in its place."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.utils import timezone
from django_tasks import task

from chat.models import Notification, PushDevice
from chat.operations.pushing import payload, sending
from chat.streams import writer

logger = structlog.stdlib.get_logger(__name__)

LATER: Final = timedelta(seconds=3)
"""So long a page that is open somewhere has to show it, and to say that it was read."""
TRIES: Final = 6
FIRST_RETRY_SECONDS: Final = 10.0
TEST_SECONDS: Final = 600


def push_later(made: Mapping[int, int], at: datetime) -> None:
    """Within the transaction that makes them: notification id → whose."""
    having = _having(set(made.values()))
    ids = [pk for pk, user in made.items() if user in having]
    if ids:
        push.using(run_after=at + LATER).enqueue(ids)


def _having(users: Collection[int]) -> set[int]:
    return set(PushDevice.objects.filter(user__in=users).values_list("user", flat=True)) if users else set()


@task(priority=10)  # before images and previews: it is for now
def push(ids: Sequence[int]) -> None:
    """To each device of those whom these notifications concern, unless they have read them meanwhile."""
    users = dict(Notification.objects.unread().filter(pk__in=ids).values_list("pk", "user"))
    devices = PushDevice.objects.live().filter(user__in=set(users.values())).values_list("user", "pk")
    of_user: dict[int, list[uuid.UUID]] = {}
    for user, device in devices:
        of_user.setdefault(user, []).append(device)
    for pk, user in users.items():
        for device in of_user.get(user, ()):
            push_to.enqueue(str(device), pk)


@task(priority=10)
def push_to(device_id: str, notification_id: int, tries: int = 1) -> None:
    device = PushDevice.objects.live().filter(pk=device_id).first()
    if device is None:
        return
    mine = Notification.objects.of(device.user_id).unread().select_related("actor", "room", "message")
    row = mine.filter(pk=notification_id).first()
    if row is None:  # read, or not to be seen any more
        return
    data = payload.encoded(payload.push_of(row, device))
    outcome = sending.send(
        device, data, topic=str(row.pk), urgency=payload.urgency_of(row), seconds=payload.DAY_SECONDS
    )
    _noted(device, outcome)
    if outcome.passing and tries < TRIES:
        writer.perform(_again, device_id, notification_id, tries, outcome.retry_after)


@task(priority=10)
def push_test(device_id: str) -> None:
    device = PushDevice.objects.live().filter(pk=device_id).first()
    if device is not None:
        data = payload.encoded(payload.test_push(device))
        _noted(device, sending.send(device, data, topic="test", urgency="high", seconds=TEST_SECONDS))


def _noted(device: PushDevice, outcome: sending.Outcome) -> None:
    if outcome.taken:
        writer.perform(PushDevice.objects.filter(pk=device.pk).update, pushed_at=timezone.now())
        return
    logger.info("a push was not taken", user=device.user_id, status=outcome.status, error=outcome.error)
    if outcome.gone:
        # Not by its key alone: the browser may have subscribed anew meanwhile.
        dead = PushDevice.objects.filter(pk=device.pk, endpoint=device.endpoint, application_key=device.application_key)
        writer.perform(dead.delete)


def _again(device_id: str, notification_id: int, tries: int, retry_after: float | None) -> None:
    seconds = retry_after if retry_after is not None else FIRST_RETRY_SECONDS * 4 ** (tries - 1)
    later = timezone.now() + timedelta(seconds=seconds)
    push_to.using(run_after=later).enqueue(device_id, notification_id, tries + 1)

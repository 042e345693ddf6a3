"""Where the events of a room are sent to."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from chat.models.rooms import Room
from chat.models.users import User

URL_CHARACTERS = 500


class OutgoingHookQuerySet(models.QuerySet["OutgoingHook"]):
    def due(self, now: datetime) -> "OutgoingHookQuerySet":
        """Those that have something to send, may try it now, and are nobody's at the moment."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        ready = Q(retry_at=None) | Q(retry_at__lte=now)
        return self.filter(free, ready, disabled_at=None, cursor__lt=F("room__stream__head"))


class OutgoingHook(models.Model):
    """A URL that gets each event of its room after `cursor`, in order.

    `events` names the types that are sent, with spaces between them; nothing means all. `secret` signs what is sent, so
    that it is kept as it is. While it is sent to, one process has the lease. `failures` in a row began at
    `failing_since`, and the next try is at `retry_at`.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="outgoing_hooks")
    url = models.URLField(max_length=URL_CHARACTERS)
    secret = models.CharField(max_length=64, editable=False)
    events = models.CharField(max_length=500, blank=True)
    cursor = models.BigIntegerField()
    created_by = models.ForeignKey(User, models.CASCADE, related_name="outgoing_hooks")
    created_at = models.DateTimeField(auto_now_add=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.CharField(max_length=200, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = OutgoingHookQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.room_id} to {self.url}"


class Delivery(models.Model):
    """One try to send one event. `status` is that of the answer, None when there was none: then `error` says why."""

    hook = models.ForeignKey(OutgoingHook, models.CASCADE, related_name="deliveries")
    seq = models.BigIntegerField()
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["hook", "-id"], name="delivery_of_hook")]

    def __str__(self) -> str:
        return f"{self.seq} by {self.hook_id}: {self.status or self.error}"

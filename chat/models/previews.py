"""What stands behind links, as it was found, and which messages show it."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef, Q

from chat.models.messages import Message
from chat.models.rooms import Membership
from chat.models.users import User

FRESH: Final = timedelta(days=1)
FAILURE_FRESH: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=30)
"""So long without use, and shown by no message."""


class LinkPreviewQuerySet(models.QuerySet["LinkPreview"]):
    def fresh(self, now: datetime) -> "LinkPreviewQuerySet":
        """Those that need not be fetched again, failures among them."""
        found = Q(failed=False, fetched_at__gt=now - FRESH)
        return self.filter(found | Q(failed=True, fetched_at__gt=now - FAILURE_FRESH))

    def of(self, urls: Iterable[str]) -> "LinkPreviewQuerySet":
        """The newest of each."""
        return self.filter(url_hash__in=[hash_of(url) for url in urls])

    def visible_to(self, user: User) -> "LinkPreviewQuerySet":
        """Those that a message shows in a room that `user` is in."""
        rooms = Membership.objects.live().filter(user=user).values("room")
        shown = ShownPreview.objects.filter(preview=OuterRef("pk"), message__room__in=rooms)
        return self.filter(Exists(shown))

    def forgotten(self, now: datetime) -> "LinkPreviewQuerySet":
        """Shown nowhere any more, and asked for by nobody."""
        shown = ShownPreview.objects.filter(preview=OuterRef("pk"))
        return self.filter(~Exists(shown), used_at__lt=now - KEPT)


class LinkPreview(models.Model):
    """One page as it was at `fetched_at`, or that there was nothing to be shown (`failed`). It never changes: what is
    fetched anew is another one, which takes over the `url_hash`, and messages go on showing what they showed.

    Texts are plain. `image` is its key in storage, of a WEBP file; empty when there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.TextField()
    url_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - null is not unique
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    site = models.TextField(blank=True)
    image = models.CharField(max_length=200, blank=True)
    image_width = models.PositiveIntegerField(null=True, blank=True)
    image_height = models.PositiveIntegerField(null=True, blank=True)
    failed = models.BooleanField(default=False)
    fetched_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    objects = LinkPreviewQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url[:80]


class ShownPreview(models.Model):
    """A message shows a preview: whoever may read it may have the image."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="shown_previews", db_index=False)
    preview = models.ForeignKey(LinkPreview, models.CASCADE, related_name="shown")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "preview"], name="preview_shown_once")]

    def __str__(self) -> str:
        return f"{self.preview_id} under {self.message_id}"


def hash_of(url: str) -> str:
    """What an address is found by: SHA-256 in hexadecimal."""
    return hashlib.sha256(url.encode()).hexdigest()

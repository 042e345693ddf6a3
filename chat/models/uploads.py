"""Files that people send."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q, Sum

from chat.models.messages import Message
from chat.models.rooms import Membership, Room
from chat.models.users import User

UNSENT_KEPT: Final = timedelta(days=1)
NAME_CHARACTERS: Final = 120


class UploadQuerySet(models.QuerySet["Upload"]):
    def kept(self) -> "UploadQuerySet":
        return self.filter(removed_at=None)

    def visible_to(self, user: User) -> "UploadQuerySet":
        """What was sent in the rooms that `user` is in, and what they have not sent yet."""
        rooms = Membership.objects.live().filter(user=user).values("room")
        return self.kept().filter(Q(room__in=rooms) | Q(room=None, owner=user))

    def unsent_by(self, user_id: int) -> "UploadQuerySet":
        return self.kept().filter(owner=user_id, message=None)

    def forgotten(self, now: datetime) -> "UploadQuerySet":
        """Never sent, and nobody comes back for them."""
        return self.kept().filter(message=None, created_at__lt=now - UNSENT_KEPT)

    def bytes_of(self, user: User) -> int:
        return int(self.kept().filter(owner=user).aggregate(bytes=Sum("size"))["bytes"] or 0)


class Upload(models.Model):
    """A file, in storage under `key`; one that its owner has not sent yet has no `message`.

    `type` is what its content is. An image is not `ready` before it was made anew without its metadata; then it may
    have a smaller one under `thumbnail_key`. A PDF is not `ready` before its first page was drawn, which is there, or
    could not be. What is removed waits for the task that deletes it from storage.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="uploads", db_index=False)
    client_id = models.UUIDField()
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="uploads")
    name = models.CharField(max_length=NAME_CHARACTERS)
    type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    key = models.CharField(max_length=200)
    thumbnail_key = models.CharField(max_length=200, blank=True)
    ready = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "client_id"], condition=Q(removed_at=None), name="upload_client_id_once"
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(message=None), name="upload_unsent"),
            models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="upload_removed"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.type}, {self.size:,} bytes)"

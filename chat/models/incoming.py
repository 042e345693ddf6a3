"""Doors through which other programs post into a room."""

from django.db import models

from chat.models.rooms import Room
from chat.models.users import User
from chat.protocol.limits import NAME_CHARACTERS


class IncomingHookQuerySet(models.QuerySet["IncomingHook"]):
    def live(self) -> "IncomingHookQuerySet":
        return self.filter(revoked_at=None)


class IncomingHook(models.Model):
    """A URL of a room: whoever knows it posts there, as its `bot`. Only the token's hash is kept."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="incoming_hooks")
    bot = models.OneToOneField(User, models.CASCADE, related_name="incoming_hook")
    name = models.CharField(max_length=NAME_CHARACTERS)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="incoming_hooks")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = IncomingHookQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} into {self.room_id}"

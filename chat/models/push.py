"""Browsers that are told of notifications while no page is open there (RFC 8030, Web Push)."""

import uuid
from typing import Final

from django.db import models

from chat.models.access import Login
from chat.models.users import User

ENDPOINT_CHARACTERS: Final = 1_000
KEY_CHARACTERS: Final = 88
"""Of an uncompressed point of P-256 in base64url: 65 bytes."""
SECRET_CHARACTERS: Final = 24
DEVICE_CHARACTERS: Final = 80


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    def live(self) -> "PushDeviceQuerySet":
        """Those of logins that still open doors."""
        return self.filter(login__in=Login.objects.live())


class PushDevice(models.Model):
    """One subscription of one browser: an address of its push service, and the keys by which only it reads what comes.

    It ends with the login that made it. `application_key` is the public key of ours that it was made for, the only one
    that the push service takes messages from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="push_devices")
    login = models.ForeignKey(Login, models.CASCADE, related_name="push_devices")
    endpoint = models.CharField(max_length=ENDPOINT_CHARACTERS, unique=True)
    key = models.CharField(max_length=KEY_CHARACTERS)
    secret = models.CharField(max_length=SECRET_CHARACTERS)
    application_key = models.CharField(max_length=KEY_CHARACTERS)
    name = models.CharField(max_length=DEVICE_CHARACTERS, blank=True)
    hides_words = models.BooleanField(default=False, help_text="What was said stands only in Parley itself.")
    created_at = models.DateTimeField(auto_now_add=True)
    pushed_at = models.DateTimeField(null=True, blank=True, help_text="When its push service last took something.")

    objects = PushDeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name or 'a device'} of {self.user_id}"

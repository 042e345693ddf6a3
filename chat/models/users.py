"""People and bots."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from chat.models import names
from chat.models.streams import Stream, Streamed
from chat.protocol.limits import NAME_CHARACTERS

HUES = 12


# Reads hundreds of files each time it is called.
_time_zones = cache(available_timezones)


def validate_time_zone(name: str) -> None:
    """Raises ValidationError unless `name` is empty (follow the browser) or an IANA time zone."""
    if name and name not in _time_zones():
        raise ValidationError(f"{name!r} is no IANA time zone.", code="invalid")


class UserQuerySet(models.QuerySet["User"]):
    def named(self, username: str) -> "UserQuerySet":
        """By user name, however it is spelled."""
        if "\0" in username:  # which PostgreSQL refuses to compare with
            return self.none()
        return self.filter(username_key=names.key(username))

    def ids_by_key(self, keys: Any) -> dict[str, int]:
        """User name key → id, for those that exist."""
        return dict(self.filter(username_key__in=keys).values_list("username_key", "pk"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = User(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_many(self, users: Sequence["User"]) -> None:
        """Saves new people, who cannot sign in by a password, in a few statements whatever their number.

        Raises IntegrityError when a user name is taken or looks like another's.
        """
        streams = Stream.objects.bulk_create([Stream(kind=User.stream_kind) for _ in users])
        for user, stream in zip(users, streams, strict=True):
            user.stream = stream
            user.set_unusable_password()
            user._derive()
        self.bulk_create(users)

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.create_user(username, password, **{"is_staff": True, "is_superuser": True, **fields})
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(username_key=names.key(username or ""))
        return user


class User(Streamed, AbstractBaseUser, PermissionsMixin):
    """Somebody with a name: a person, or a bot (`is_bot`).

    `is_active` false means disabled: no sign-in, no socket, no token, while everything said stays.
    `is_superuser` marks the owners of this Parley, `is_staff` those who may use the admin.
    """

    stream_kind = Stream.Kind.USER

    username = models.CharField(
        "user name", max_length=names.USERNAME_CHARACTERS, unique=True, validators=[names.validate_username]
    )
    username_key = models.CharField(max_length=3 * names.USERNAME_CHARACTERS, unique=True, editable=False)
    username_skeleton = models.CharField(max_length=18 * names.USERNAME_CHARACTERS, unique=True, editable=False)
    name = models.CharField("display name", max_length=NAME_CHARACTERS, blank=True)
    email = models.EmailField(blank=True)
    hue = models.PositiveSmallIntegerField("avatar colour", default=0, help_text="One of twelve hues, 0 to 11.")
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    is_bot = models.BooleanField("bot", default=False)
    is_active = models.BooleanField("enabled", default=True, help_text="Off: disabled, cannot sign in.")
    is_staff = models.BooleanField("may use the admin", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(hue__lt=HUES), name="user_hue_in_range"),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_code="email_taken",
                violation_error_message="Somebody else has this e-mail address.",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._derive()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self._derive()
        others = User.objects.exclude(pk=self.pk)
        if others.filter(username_key=self.username_key).exists():
            raise ValidationError({"username": ValidationError("This user name is taken.", code="unique")})
        if others.filter(username_skeleton=self.username_skeleton).exists():
            raise ValidationError({"username": ValidationError("This looks like somebody else's name.", code="alike")})

    def _derive(self) -> None:
        self.username = names.normalize(self.username)
        self.username_key = names.key(self.username)
        self.username_skeleton = names.skeleton(self.username)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.username

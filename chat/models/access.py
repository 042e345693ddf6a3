"""How people get in: sign-ins, invitations, and the workspace itself."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from chat.models.rooms import Room
from chat.models.users import User
from chat.protocol.limits import NAME_CHARACTERS


def new_epoch() -> str:
    return uuid.uuid4().hex


class Workspace(models.Model):
    """The one row about this Parley. `epoch` names this life of the database: a restored backup gets a new one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=NAME_CHARACTERS, default="Parley")
    epoch = models.CharField(max_length=32, default=new_epoch, editable=False)
    open_signup = models.BooleanField(default=False, help_text="On: anybody who reaches this page may sign up.")
    set_up_at = models.DateTimeField(null=True, editable=False)
    lobby = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who signs up enters this open room."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="workspace_is_one")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def current() -> "Workspace":
        """The row, made when first asked for."""
        return Workspace.objects.get_or_create(pk=1)[0]


class LoginQuerySet(models.QuerySet["Login"]):
    def live(self) -> "LoginQuerySet":
        """Those that still open doors: not ended or expired, of people who are not disabled."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=Now())
        return self.filter(unexpired, revoked_at=None, user__is_active=True)

    def sign_ins(self) -> "LoginQuerySet":
        """Sessions and families of tokens: all but personal access tokens."""
        return self.exclude(kind=Login.Kind.PERSONAL)

    def personal(self) -> "LoginQuerySet":
        """Personal access tokens."""
        return self.filter(kind=Login.Kind.PERSONAL)


class Login(models.Model):
    """One way in: a browser session, a family of tokens, or a personal access token. Ending it ends every socket that
    stands on it.

    `generation` is that of the family's newest refresh token, which came into being at `rotated_at`. A personal token
    has a `name`, a `token_hash`, `scopes` with spaces between them, and perhaps a time when it expires.
    """

    class Kind(models.TextChoices):
        SESSION = "session"
        TOKEN = "token"
        PERSONAL = "personal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="logins")
    kind = models.CharField(max_length=8, choices=Kind)
    session_key = models.CharField(max_length=40, blank=True, db_index=True)
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=0, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    name = models.CharField(max_length=NAME_CHARACTERS, blank=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - null is not unique
    scopes = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = LoginQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"

    @property
    def is_live(self) -> bool:
        """As `LoginQuerySet.live` decides."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired and self.user.is_active


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now, uses__lt=F("max_uses"))


class Invitation(models.Model):
    """A link that lets people sign up, and into a room if it names one. Only the token's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField()
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("max_uses")), name="invitation_uses_within_limit"),
        ]

    def __str__(self) -> str:
        return f"by {self.created_by_id}, {self.uses}/{self.max_uses} used"

"""What people are told of by name, and how much of it they want."""

from typing import Final

from django.db import models
from django.db.models import Q

from chat.models.messages import SEQ_BITS, Message
from chat.models.rooms import Membership, Room
from chat.models.users import User

KEYWORDS: Final = 20
KEYWORD_CHARACTERS: Final = 40
NOTE_CHARACTERS: Final = 200


def notification_id(user_id: int, seq: int) -> int:
    """The id of the notification that event `seq` of the stream of `user_id` tells of."""
    return user_id << SEQ_BITS | seq


def seq_of(notification_id: int) -> int:
    """The number of the event that told of it."""
    return notification_id & ((1 << SEQ_BITS) - 1)


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def of(self, user: User | int) -> "NotificationQuerySet":
        """Those of `user`, the newest first, without what they may no longer see."""
        rooms = Membership.objects.live().filter(user=user).values("room")
        shown = self.filter(user=user, message__deleted_at=None).filter(Q(room=None) | Q(room__in=rooms))
        return shown.order_by("-pk")


class Notification(models.Model):
    """Something concerns one person. Told in an event of their stream, made in the transaction of what caused it.

    `seq` is the number of `message`, or of what else happened, in the stream of `room`: whoever has read so far there
    has read this. Of a report, which is not read so, it is the id, and `note` its reason. `thread` is the message whose
    thread it is in.
    """

    class Kind(models.TextChoices):
        MENTION = "mention", "mentioned you"
        KEYWORD = "keyword", "said a word you listen for"
        DIRECT = "direct", "wrote to you"
        REPLY = "reply", "replied in a thread"
        ROOM_MENTION = "room", "mentioned everybody"
        HERE = "here", "mentioned who is here"
        MESSAGE = "message", "wrote"
        ADDED = "added", "brought you in"
        REPORT = "report", "reported a message"

    id = models.BigIntegerField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    actor = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="notifications", db_index=False)
    thread = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+", db_index=False)
    seq = models.BigIntegerField(default=0)
    note = models.CharField(max_length=NOTE_CHARACTERS, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    quiet = models.BooleanField(default=False, help_text="It came in a pause or quiet hours: it makes no noise.")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user", "kind"], name="notification_once")]
        # The key has those of one person together, in the order of time.
        indexes = [
            models.Index(fields=["user", "room", "seq"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["created_at"], condition=Q(read_at=None, mailed_at=None), name="notification_to_be_mailed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.actor_id} {self.get_kind_display()}"


class NotifySettings(models.Model):
    """What somebody wants to be told of, where a room of theirs says nothing else. Who has no row wants the defaults.

    Until `paused_until`, and each day from `quiet_from` to `quiet_to` of their time zone, nothing makes a noise.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="notify_settings")
    level = models.CharField(max_length=8, choices=Membership.Level, default=Membership.Level.MENTIONS)
    keywords = models.JSONField(default=list)
    paused_until = models.DateTimeField(null=True, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    mails = models.BooleanField(default=True, help_text="A mail tells of what was not read for a while.")
    digest = models.BooleanField(
        default=False, db_default=False, help_text="A mail tells each morning of what was not read in one's rooms."
    )
    digest_at = models.DateTimeField(null=True, editable=False, help_text="When the last one went, or was asked for.")

    class Meta:
        verbose_name_plural = "notify settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notify_quiet_hours_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.level}"

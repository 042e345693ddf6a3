"""What those who run a room did there, and what was reported to them."""

from typing import Final

from django.db import models
from django.db.models import Q

from chat.models.messages import Message
from chat.models.rooms import Membership, Room
from chat.models.users import User

REASON_CHARACTERS: Final = 500


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of_room(self, room: Room | int) -> "AuditEntryQuerySet":
        """What was done in it, newest first."""
        return self.filter(room=room).order_by("-pk")


class AuditEntry(models.Model):
    """One act of somebody who may do more than talk. It is never changed, and outlives what it tells of.

    `actor` is null for the system, `user` is whom it was about. `details` holds the names of what was changed, as
    `{"field": [before, after]}`, or other facts.
    """

    class Act(models.TextChoices):
        ROOM_CHANGED = "room.changed", "changed the room"
        ROOM_ARCHIVED = "room.archived", "archived the room"
        ROOM_RESTORED = "room.restored", "brought the room back"
        ROLE_CHANGED = "role.changed", "changed a role"
        MEMBER_REMOVED = "member.removed", "put somebody out"
        MEMBER_BANNED = "member.banned", "banned somebody"
        MEMBER_UNBANNED = "member.unbanned", "lifted a ban"
        MEMBER_MUTED = "member.muted", "muted somebody"
        MEMBER_UNMUTED = "member.unmuted", "let somebody write again"
        MESSAGE_DELETED = "message.deleted", "deleted somebody's message"
        REPORT_CLOSED = "report.closed", "closed a report"

    at = models.DateTimeField()
    act = models.CharField(max_length=20, choices=Act)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    room = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    message_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["room", "id"], name="audit_of_room")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.get_act_display()}"


class RoomBan(models.Model):
    """Somebody is not let into a room, by whatever door, until this is gone. `by` is null for the system."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="bans", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="bans")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_CHARACTERS, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="room_ban_once")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.room_id}"


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> "ReportQuerySet":
        return self.filter(closed_at=None)

    def visible_to(self, user: User) -> "ReportQuerySet":
        """Those of the rooms that `user` moderates."""
        return self.filter(room__in=Membership.objects.live().moderating().filter(user=user).values("room"))


class Report(models.Model):
    """Somebody thinks that those who run the room should see a message. `body` is what it said then."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reports", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="+", db_index=False)
    reporter = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=REASON_CHARACTERS, blank=True)
    body = models.TextField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "reporter"], condition=Q(closed_at=None), name="report_open_once"
            )
        ]
        indexes = [models.Index(fields=["room", "id"], name="report_of_room")]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.reporter_id}"

"""What people say."""

from collections.abc import Iterable

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.fields.json import KeyTextTransform

from chat.models.rooms import Membership, Room
from chat.models.users import User

SEQ_BITS = 32


def message_id(room_id: int, seq: int) -> int:
    """The id of the message that event `seq` of room `room_id` posts.

    Made by the application, because a batch of inserts gives none back; unique because numbers in a stream are.
    """
    return room_id << SEQ_BITS | seq


def room_of(message_id: int) -> int:
    """The room that this message is in, if there is such a message."""
    return message_id >> SEQ_BITS


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """Those of the rooms that `user` is in."""
        return self.filter(room__in=Membership.objects.live().filter(user=user).values("room"))

    def in_room(self, room: Room | int) -> "MessageQuerySet":
        return self.filter(room=room)

    def in_timeline(self) -> "MessageQuerySet":
        """Those that stand in the room itself, in no thread."""
        return self.filter(thread=None)

    def to_everybody(self) -> "MessageQuerySet":
        """Those that mention all who are in the room."""
        return self.filter(everybody__isnull=False)

    def pinned_in(self, room_id: int) -> "MessageQuerySet":
        """Those that the room keeps at hand, the last pinned first."""
        return self.filter(room=room_id, pinned__isnull=False).order_by(KeyTextTransform("at", "pinned").desc(), "-seq")

    def in_thread(self, root_id: int) -> "MessageQuerySet":
        """The replies in the thread of this message."""
        return self.filter(thread=root_id)

    def before(self, seq: int) -> "MessageQuerySet":
        """Older than `seq`, newest first."""
        return self.filter(seq__lt=seq).order_by("-seq")

    def after(self, seq: int) -> "MessageQuerySet":
        """Newer than `seq`, oldest first."""
        return self.filter(seq__gt=seq).order_by("seq")

    def newest(self, limit: int) -> "list[Message]":
        """The last `limit`, oldest first."""
        rows: MessageQuerySet = self.order_by("-seq")[:limit]
        return [*rows][::-1]

    def page_before(self, seq: int, limit: int) -> "list[Message]":
        """The `limit` that stand before `seq`, oldest first."""
        return [*self.before(seq)[:limit]][::-1]

    def page_after(self, seq: int, limit: int) -> "list[Message]":
        """The `limit` that stand after `seq`, oldest first."""
        return [*self.after(seq)[:limit]]

    def page_around(self, seq: int, limit: int) -> "list[Message]":
        """About `limit` with `seq` in their middle, oldest first."""
        half = limit // 2
        return self.page_before(seq, half) + self.page_after(seq - 1, limit - half)


class Message(models.Model):
    """What one person said in one room. A deleted one stays as an empty row, so that its number stays taken."""

    id = models.BigIntegerField(primary_key=True)
    room = models.ForeignKey(Room, models.CASCADE, related_name="messages", db_index=False)
    seq = models.BigIntegerField()
    sender = models.ForeignKey(User, models.PROTECT, related_name="messages", db_index=False)
    client_id = models.UUIDField()
    digest = models.BinaryField(max_length=16, help_text="Of what was first posted; tells a repeat from a conflict.")
    body = models.TextField()
    html = models.TextField()
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="answers", db_index=False)
    thread = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="in_thread",
        db_index=False,
        help_text="The message that began the thread; none for what stands in the room itself.",
    )
    reactions = models.JSONField(null=True, blank=True, help_text="[[emoji, [user ids]]], each in order of coming.")
    thread_replies = models.JSONField(null=True, blank=True, help_text="What its thread holds: count, last_at, users.")
    attachments = models.JSONField(null=True, blank=True, help_text="Its files, as they are told on the wire.")
    previews = models.JSONField(
        null=True, blank=True, help_text="Of its links, as they are told on the wire; an empty list: none are wanted."
    )
    everybody = models.CharField(  # noqa: DJ001 - most have none, and an index holds the others alone
        max_length=4, null=True, blank=True, help_text="room or here: it mentions all who are in its room."
    )
    pinned = models.JSONField(null=True, blank=True, help_text="Who pinned it, and when: by, at.")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    extra = models.JSONField(null=True, blank=True, help_text="What an import brought and nothing models yet.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "client_id"], name="message_client_id_once"),
            # Every post pays for every index. That a room has each number once follows from the primary key.
            models.CheckConstraint(
                condition=Q(
                    id=ExpressionWrapper(F("room") * (1 << SEQ_BITS) + F("seq"), output_field=models.BigIntegerField())
                ),
                name="message_id_of_room_and_seq",
            ),
        ]
        indexes = [
            # A page of a room, and what is unread there, counted from the index alone: it is asked on every resume.
            models.Index(fields=["room", "seq", "sender", "deleted_at", "thread"], name="message_of_room"),
            models.Index(
                fields=["thread", "seq", "sender", "deleted_at"],
                condition=Q(thread__isnull=False),
                name="message_of_thread",
            ),
            models.Index(
                fields=["room", "seq", "sender"], condition=Q(everybody__isnull=False), name="message_to_everybody"
            ),
            models.Index(fields=["room"], condition=Q(pinned__isnull=False), name="message_pinned"),
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="message_replies"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} in {self.room_id}: {self.body[:40]}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def beside_everybody(self) -> "MentionQuerySet":
        """Without those whose message mentions everybody: it counts once."""
        return self.filter(message__everybody=None)

    def by_message(self, messages: Iterable[Message]) -> dict[int, list[int]]:
        """Message id → ids of the people it names, in one query."""
        found: dict[int, list[int]] = {}
        pairs = self.filter(message__in=[message.pk for message in messages]).order_by("pk")
        for message_pk, user_pk in pairs.values_list("message_id", "user_id"):
            found.setdefault(message_pk, []).append(user_pk)
        return found


class Mention(models.Model):
    """A message names a member of its room."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    thread = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+", db_index=False)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        # What is said in a thread counts there, not in the room.
        indexes = [
            models.Index(fields=["user", "room", "seq"], condition=Q(thread=None), name="mention_unread"),
            models.Index(fields=["user", "thread", "seq"], condition=Q(thread__isnull=False), name="mention_in_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"

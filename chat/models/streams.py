"""The log: streams of numbered events. Everything that a client must not miss is an event in one of them."""

from django.db import models


class Stream(models.Model):
    """A durable, gap-free log: event 1, 2, 3, … A room's and a person's primary key is its stream's.

    `head` is the number of the last event; whoever moves it holds the row's lock until commit, so the order of the
    numbers is the order of the commits. Events up to `pruned` are no longer kept.
    """

    class Kind(models.TextChoices):
        ROOM = "room"
        USER = "user"

    kind = models.CharField(max_length=8, choices=Kind)
    head = models.BigIntegerField(default=0)
    pruned = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pruned__gte=0, head__gte=models.F("pruned")), name="stream_head_not_before_pruned"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name on the wire: `room:12`, `user:3`."""
        return f"{self.kind}:{self.pk}"


class Event(models.Model):
    """One numbered fact. `payload` is the JSON text of its frame, exactly as it goes on the wire."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=32)
    subject = models.BigIntegerField(null=True, help_text="The message that the event is about.")
    at = models.DateTimeField()
    payload = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_number_once")]
        indexes = [
            # Finds the words to drop when an edited message is deleted; posts are found by their own number.
            models.Index(fields=["subject"], condition=models.Q(type="message.edited"), name="event_edits"),
            models.Index(
                fields=["subject"],
                condition=models.Q(type="attachment.ready") | models.Q(type="message.previewed"),
                name="event_contents",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.type}"


class Streamed(models.Model):
    """Base of what has a stream of its own: the row's primary key is the stream's."""

    stream = models.OneToOneField(Stream, models.PROTECT, primary_key=True, db_column="id", editable=False)
    stream_kind: Stream.Kind

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.stream_id:
            self.stream = Stream.objects.create(kind=self.stream_kind)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

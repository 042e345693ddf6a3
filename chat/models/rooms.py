"""Rooms and who is in them."""

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from chat.models.counting import counted
from chat.models.streams import Stream, Streamed
from chat.models.users import User
from chat.protocol.limits import NAME_CHARACTERS, TOPIC_CHARACTERS


class RoomQuerySet(models.QuerySet["Room"]):
    def of_member(self, user: User) -> "RoomQuerySet":
        """The rooms that `user` is in."""
        return self.filter(Exists(Membership.objects.live().filter(room=OuterRef("pk"), user=user)))

    def open_slugs(self, keys: Collection[str]) -> dict[str, str]:
        """Key of a slug → slug, for the open rooms that have one of these."""
        slugs = self.filter(kind=Room.Kind.OPEN, slug__in=keys).values_list("slug", flat=True)
        return {slug: slug for slug in slugs if slug is not None}

    def visible_to(self, user: User) -> "RoomQuerySet":
        """The rooms whose existence `user` may know of: the open ones and their own."""
        return self.filter(
            Q(kind=Room.Kind.OPEN) | Exists(Membership.objects.live().filter(room=OuterRef("pk"), user=user))
        )


class Room(Streamed):
    """A place to talk: open to all, private, or direct between two."""

    stream_kind = Stream.Kind.ROOM

    class Kind(models.TextChoices):
        OPEN = "open"
        PRIVATE = "private"
        DIRECT = "direct"

    class Posting(models.TextChoices):
        """Who may write."""

        EVERYONE = "everyone"
        MODERATORS = "moderators"

    kind = models.CharField(max_length=8, choices=Kind)
    posting = models.CharField(max_length=10, choices=Posting, default=Posting.EVERYONE)
    slow_seconds = models.PositiveIntegerField(
        default=0, help_text="So long a member waits between two messages; who moderates does not."
    )
    name = models.CharField(max_length=NAME_CHARACTERS, blank=True)
    # Null where a room has none: unique takes any number of nulls, but one empty string.
    slug = models.SlugField(max_length=NAME_CHARACTERS, unique=True, null=True, allow_unicode=True)  # noqa: DJ001
    topic = models.CharField(max_length=TOPIC_CHARACTERS, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    previews = models.BooleanField(default=True, help_text="Links in its messages get a preview.")
    direct_key = models.CharField(max_length=41, unique=True, null=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(
        User, through="Membership", related_name="rooms"
    )

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            # One direct room per pair: `direct_key` names the pair, lower id first.
            models.CheckConstraint(
                condition=Q(kind="direct", slug=None, direct_key__isnull=False)
                | (~Q(kind="direct") & ~Q(name="") & Q(slug__isnull=False, direct_key=None)),
                name="room_named_or_direct",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"direct {self.direct_key}"

    @staticmethod
    def direct_key_of(one: int, other: int) -> str:
        """What names the pair of people: both ids, lower first."""
        return f"{min(one, other)}:{max(one, other)}"

    @staticmethod
    def peer_in(direct_key: str, user_id: int) -> int:
        """The other of the pair that `direct_key` names (oneself in a talk with oneself)."""
        low, _, high = direct_key.partition(":")
        return int(high) if int(low) == user_id else int(low)

    def peer_id(self, user_id: int) -> int:
        """The other person of a direct room."""
        return Room.peer_in(self.direct_key or "", user_id)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        """Those that have not ended."""
        return self.filter(left_seq=None)

    def ended(self) -> "MembershipQuerySet":
        """The others, the last to end last."""
        return self.exclude(left_seq=None).order_by("left_seq")

    def moderating(self) -> "MembershipQuerySet":
        """Those of owners and moderators."""
        return self.filter(role__in=(Membership.Role.OWNER, Membership.Role.MODERATOR))

    def with_unread(self) -> "MembershipQuerySet":
        """Adds `unread` and `mentions`: what others wrote after the read position, and how often it names the member;
        threads count by themselves.

        Nothing is written per member when somebody posts; both are counted from indexes of the unread part alone.
        """
        from chat.models.messages import Mention, Message

        unread = Message.objects.in_timeline().filter(
            room=OuterRef("room_id"), seq__gt=OuterRef("read_seq"), deleted_at=None
        )
        mentions = Mention.objects.filter(
            user=OuterRef("user_id"), room=OuterRef("room_id"), seq__gt=OuterRef("read_seq"), thread=None
        ).beside_everybody()
        others = unread.exclude(sender=OuterRef("user_id"))
        return self.annotate(
            unread=counted(others, "room"),
            mentions=counted(mentions, "room") + counted(others.to_everybody(), "room"),
        )


class Membership(models.Model):
    """One stay of one person in one room, from event `joined_seq` to event `left_seq` (null: still there)."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MODERATOR = "moderator"
        MEMBER = "member"

    class Level(models.TextChoices):
        """Of what a member is notified."""

        ALL = "all", "every message"
        MENTIONS = "mentions", "what concerns me"
        NOTHING = "nothing", "nothing"

    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.MEMBER)
    joined_seq = models.BigIntegerField()
    left_seq = models.BigIntegerField(null=True, blank=True)
    read_seq = models.BigIntegerField(default=0)
    muted_until = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, editable=False, help_text="The last message, in a room in slow mode.")
    # With defaults of the database: a node of before writes rows that know nothing of them while an upgrade rolls.
    level = models.CharField(
        max_length=8, choices=Level, blank=True, db_default="", help_text="Empty: what they have chosen for all."
    )
    listens = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Each message has to be looked at for this member: all, or keywords.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "user"], condition=Q(left_seq=None), name="membership_live_once"),
            models.CheckConstraint(
                condition=Q(left_seq=None) | Q(left_seq__gt=F("joined_seq")), name="membership_left_after_joined"
            ),
        ]
        indexes = [
            models.Index(fields=["room", "user"], name="membership_of_room"),
            models.Index(fields=["room"], condition=Q(listens=True, left_seq=None), name="membership_listening"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.room_id}"

    @property
    def moderates(self) -> bool:
        return self.role in (Membership.Role.OWNER, Membership.Role.MODERATOR)

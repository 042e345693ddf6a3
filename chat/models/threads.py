"""Who follows which thread, and how far they have read it."""

from django.db import models
from django.db.models import OuterRef

from chat.models.counting import counted
from chat.models.messages import Mention, Message
from chat.models.rooms import Membership
from chat.models.users import User


class ThreadFollowerQuerySet(models.QuerySet["ThreadFollower"]):
    def following(self) -> "ThreadFollowerQuerySet":
        """Without those who wanted to hear no more of it."""
        return self.filter(following=True)

    def of_member(self, user: User) -> "ThreadFollowerQuerySet":
        """The threads that `user` follows, in the rooms that they are in."""
        rooms = Membership.objects.live().filter(user=user).values("room")
        return self.following().filter(user=user, root__room__in=rooms)

    def with_unread(self) -> "ThreadFollowerQuerySet":
        """Adds `unread` and `mentions`: what others replied after the read position, how often it names the user."""
        unread = Message.objects.filter(thread=OuterRef("root_id"), seq__gt=OuterRef("read_seq"), deleted_at=None)
        mentions = Mention.objects.filter(
            user=OuterRef("user_id"), thread=OuterRef("root_id"), seq__gt=OuterRef("read_seq")
        )
        return self.annotate(
            unread=counted(unread.exclude(sender=OuterRef("user_id")), "thread"), mentions=counted(mentions, "thread")
        )


class ThreadFollower(models.Model):
    """Somebody who has to do with a thread: they wrote in it, are named in it, or wanted to hear of it.

    `following` is false once they want to hear no more of it; then only a reply of their own makes them follow again.
    """

    root = models.ForeignKey(Message, models.CASCADE, related_name="followers", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    following = models.BooleanField(default=True)
    read_seq = models.BigIntegerField(default=0)

    objects = ThreadFollowerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root", "user"], name="thread_followed_once")]
        indexes = [models.Index(fields=["user", "following", "root"], name="thread_of_follower")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.root_id}"

"""Messages that people keep at hand for themselves."""

from django.db import models

from chat.models.messages import Message
from chat.models.rooms import Membership
from chat.models.users import User


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    def of(self, user: User) -> "BookmarkQuerySet":
        """Those of `user` that they may still see."""
        rooms = Membership.objects.live().filter(user=user).values("room")
        return self.filter(user=user, message__room__in=rooms, message__deleted_at=None)


class Bookmark(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "message"], name="bookmark_once")]

    def __str__(self) -> str:
        return f"{self.message_id} of {self.user_id}"

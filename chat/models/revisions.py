"""What messages said at first, and after each edit."""

from django.db import models

from chat.models.messages import Message
from chat.models.users import User


class MessageRevision(models.Model):
    """The words that somebody gave a message at some time. A message that was never edited has none."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="revisions")
    body = models.TextField()
    html = models.TextField()
    at = models.DateTimeField()
    editor = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.message_id} at {self.at}"

"""The earlier words of messages: kept by edits, for who wrote them and who moderates the room."""

from datetime import datetime

from chat.models import Message, MessageRevision, User
from chat.operations import checking
from chat.operations.rendering import Rendered
from chat.protocol.errors import Forbidden, NotFound


def keep(message: Message, *, body: str, rendered: Rendered, at: datetime, editor: User | None) -> None:
    """Keeps the words that `message` gets, at its first edit also those that it had. For the edit's transaction."""
    made = []
    if not MessageRevision.objects.filter(message=message).exists():
        before = message.edited_at or message.created_at
        made.append(_revision(message, message.body, message.html, before, message.sender_id))
    made.append(_revision(message, body, rendered.html, at, message.sender_id if editor is None else editor.pk))
    MessageRevision.objects.bulk_create(made)


def drop(message: Message) -> None:
    """Deleted words are gone here, too."""
    MessageRevision.objects.filter(message=message).delete()


def message_with_history(actor: User, message_id: int) -> Message:
    """The message, if `actor` may see what it said before: it is theirs, or they moderate its room.

    Raises NotFound for everybody else: whether it was edited more than once is not theirs to know.
    """
    message = checking.message_of(actor, message_id)
    if message.sender_id != actor.pk:
        try:
            checking.moderates(actor, message.room)
        except Forbidden:
            raise NotFound("there is no such message", field="message") from None
    return message


def _revision(message: Message, body: str, html: str, at: datetime, editor_id: int) -> MessageRevision:
    return MessageRevision(message=message, body=body, html=html, at=at, editor_id=editor_id)

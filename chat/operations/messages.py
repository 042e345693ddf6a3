"""Changing what was said."""

from typing import Any, Final

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chat.models import AuditEntry, Event, Membership, Mention, Message, Notification, User
from chat.models.notifications import seq_of
from chat.operations import audit, checking, revisions, threads
from chat.operations.everybody import Allowed
from chat.operations.files.uploads import remove
from chat.operations.notifying.making import tell_mentioned
from chat.operations.notifying.reading import settle
from chat.operations.previews import showing
from chat.operations.previews.tasks import make_previews
from chat.operations.rendering import Rendered, render_here
from chat.operations.restraints import problem
from chat.operations.search import indexing
from chat.operations.search.indexing import Words
from chat.protocol import events
from chat.protocol.errors import Forbidden
from chat.protocol.values import format_time
from chat.streams import log

WORDLESS: Final = ("extra", "reactions", "attachments", "everybody", "pinned", "previews")
"""What a deleted message has no more, beside its words."""


def rendered(body: str) -> Rendered:
    """What `edit_message` can be given: milliseconds of work for a long body, that need not hold up the writer.

    Raises BadRequest or TooLarge when the body cannot be a message.
    """
    return render_here(checking.body(body))


def edit_message(*, actor: User | None, message_id: int, body: str, rendered: Rendered | None = None) -> int:
    """Gives one's own message other words; returns the event's number. The same words again are no new event.

    Raises:
        BadRequest, TooLarge: the body cannot be a message.
        NotFound: there is no such message, or `actor` may not see it.
        Forbidden: it is somebody else's, the room is archived, or `actor` may not write there now.
    """
    if rendered is None:
        rendered = render_here(checking.body(body))
    room_id = checking.message_of(actor, message_id).room_id
    with transaction.atomic(), log.adding([room_id]) as additions:
        message = checking.message_of(actor, message_id)
        checking.open_for_writing(message.room)
        if actor is not None and message.sender_id != actor.pk:
            raise Forbidden("this is not your message")
        if actor is not None and not actor.is_bot:
            refusal = problem(checking.membership_of(actor, message.room), timezone.now())
            if refusal is not None:
                raise refusal
        if message.body == body:
            edits = Event.objects.filter(subject=message.pk, type="message.edited")
            return edits.order_by("-seq").values_list("seq", flat=True).first() or message.seq
        now = timezone.now()
        members = Membership.objects.live().filter(room=room_id, user__in=rendered.mentioned)
        in_room = set(members.values_list("user_id", flat=True)) if rendered.mentioned else set()
        mentioned = [user for user in rendered.mentioned if user in in_room]
        sender = message.sender_id
        allowed = Allowed([(room_id, sender)] if rendered.everybody else [])
        everybody, html = allowed.settle(
            rendered.everybody, rendered.html, room=room_id, sender=sender, thread=message.thread_id
        )
        rendered = rendered._replace(everybody=everybody, html=html)
        revisions.keep(message, body=body, rendered=rendered, at=now, editor=actor)
        message.body, message.html, message.everybody, message.edited_at = body, html, everybody, now
        message.save(update_fields=["body", "html", "everybody", "edited_at"])
        files = indexing.names_of(message.attachments)
        indexing.change(Words(message.pk, message.sender_id, message.created_at, body, rendered.html, files))
        mentions = Mention.objects.filter(message=message)
        newly = set(mentioned) - set(mentions.values_list("user", flat=True)) - {sender}
        mentions.delete()
        Mention.objects.bulk_create(
            Mention(message=message, user_id=user, room_id=room_id, seq=message.seq, thread_id=message.thread_id)
            for user in mentioned
        )
        data = {
            "id": str(message.pk),
            "room": str(room_id),
            "seq": message.seq,
            "body": body,
            "html": rendered.html,
            "mentions": [str(user) for user in mentioned],
            "everybody": everybody,
            "edited_at": format_time(now),
        }
        seq = additions.add(room_id, "message.edited", now, data, subject=message.pk)
        tell_mentioned(message, newly, now, additions)
        if showing.after_edit(message, additions):
            make_previews.enqueue(message.pk)
        return seq


def delete_message(*, actor: User | None, message_id: int) -> int:
    """Deletes a message: its number stays, its words go, from the log too. Returns the event's number.

    Raises:
        NotFound: there is no such message, or `actor` may not see it.
        Forbidden: it is somebody else's and `actor` does not moderate the room, or the room is archived.
    """
    room_id = checking.message_of(actor, message_id).room_id
    with transaction.atomic(), log.adding([room_id]) as additions:
        message = checking.message_of(actor, message_id)
        checking.open_for_writing(message.room)
        if actor is not None and message.sender_id != actor.pk:
            checking.moderates(actor, message.room)
            act = AuditEntry.Act.MESSAGE_DELETED
            audit.record(act, actor=actor, room=room_id, user=message.sender_id, message=message.pk)
        now = timezone.now()
        message.body = message.html = ""
        message.deleted_at = now
        for field in WORDLESS:
            setattr(message, field, None)
        showing.after_delete(message)
        message.save(update_fields=["body", "html", "deleted_at", *WORDLESS])
        indexing.drop(message.pk)
        remove(message.uploads.all())
        threads.dropped(message)
        Mention.objects.filter(message=message).delete()
        revisions.drop(message)
        told = Notification.objects.filter(message=message)
        _drop_words(message, told)
        settle(told, now, additions)
        data = {
            "id": str(message.pk),
            "room": str(room_id),
            "seq": message.seq,
            "sender": str(message.sender_id),
            "deleted_at": format_time(now),
            "thread": None if message.thread_id is None else str(message.thread_id),
        }
        return additions.add(room_id, "message.deleted", now, data, subject=message.pk)


def _drop_words(message: Message, told: "QuerySet[Notification]") -> None:
    """Takes the words out of the events that carried them, so that no replay brings them back."""
    assert message.deleted_at is not None
    nothing: dict[str, Any] = {"body": "", "html": "", "mentions": [], "everybody": None}
    nothing["deleted_at"] = format_time(message.deleted_at)
    later: dict[str, dict[str, Any]] = {
        "message.edited": nothing,
        "attachment.ready": {"attachment": None},
        "message.previewed": {"previews": []},
    }
    posted = nothing | {"attachments": []}
    dropped = {"message.posted": posted, "notification.created": {"text": ""}, **later}
    carriers = list(Event.objects.filter(stream=message.room_id, seq=message.seq))
    # Each type by itself: so it is found in an index of what is few, and not by reading the log.
    carriers += [event for type in later for event in Event.objects.filter(subject=message.pk, type=type)]
    for pk, user in told.values_list("pk", "user"):
        carriers += Event.objects.filter(stream=user, seq=seq_of(pk))
    for event in carriers:
        frame: dict[str, Any] = msgspec.json.decode(event.payload)
        frame["data"].update(dropped[event.type])
        event.payload = events.encode(frame)
    Event.objects.bulk_update(carriers, ["payload"])

"""Checks that operations share: what text may hold, and who somebody is in a room."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from chat.models import Membership, Message, Room, User
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound, TooLarge
from chat.protocol.limits import ATTACHMENTS, BODY_CHARACTERS


def text(field: str, value: str, *, most: int, required: bool = False) -> str:
    """`value` without surrounding space, fit to be stored.

    Raises:
        BadRequest: empty although required, too long, or with a character that is none (NUL, half a surrogate pair).
    """
    value = value.strip()
    _characters(field, value)
    if required and not value:
        raise BadRequest(f"{field} is missing", field=field)
    if len(value) > most:
        raise BadRequest(f"{field} has {len(value)} characters, {most} are the most", field=field)
    return value


def body(value: str, *, may_be_empty: bool = False) -> str:
    """The words of a message, untouched: 1 to 16,000 characters that are not all blank; none where files say it."""
    if len(value) > BODY_CHARACTERS:
        raise TooLarge(f"body has {len(value):,} characters, {BODY_CHARACTERS:,} are the most", field="body")
    _characters("body", value)
    if not value.strip() and not may_be_empty:
        raise BadRequest("body is empty", field="body")
    return value


def _characters(field: str, value: str) -> None:
    if "\x00" in value:
        raise BadRequest(f"{field} holds a NUL character", field=field)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadRequest(f"{field} holds half a surrogate pair", field=field) from None


def full_clean(instance: User) -> None:
    """Django's model validation, with its first complaint as a refusal that names the field."""
    try:
        instance.full_clean(exclude=["password", "username_key", "username_skeleton"])
    except ValidationError as error:
        field, problems = next(iter(error.error_dict.items()))
        problem = problems[0]
        if problem.code == "email_taken":
            raise Conflict(problem.messages[0], field="email") from None
        taken = problem.code in ("unique", "alike", "unique_together") or "already exists" in problem.messages[0]
        kind = Conflict if taken else BadRequest
        raise kind(problem.messages[0], field=None if field == "__all__" else field) from None


def room_of(actor: User | None, room_id: int) -> Room:
    """The room, if `actor` may know of it; the system (None) knows of all."""
    rooms = Room.objects.all() if actor is None else Room.objects.visible_to(actor)
    room = rooms.filter(pk=room_id).first()
    if room is None:
        raise NotFound("there is no such room", field="room")
    return room


def membership_of(actor: User, room: Room) -> Membership:
    """The live membership of `actor`, who may know of the room."""
    membership = Membership.objects.live().filter(room=room, user=actor).first()
    if membership is None:
        raise Forbidden("you are not in this room", field="room")
    return membership


def open_for_writing(room: Room) -> None:
    if room.archived_at is not None:
        raise Forbidden("this room is archived", field="room")


def moderates(actor: User | None, room: Room) -> Membership | None:
    """The membership by which `actor` moderates the room; None for the system. Raises Forbidden for anybody else."""
    if actor is None:
        return None
    membership = membership_of(actor, room)
    if not membership.moderates:
        raise Forbidden("only owners and moderators of the room may do this")
    return membership


def moderated(actor: User, room_id: int) -> Room:
    """The room, if `actor` moderates it. Raises NotFound or Forbidden."""
    room = room_of(actor, room_id)
    moderates(actor, room)
    return room


def room_for_hooks(actor: User, room_id: int) -> Room:
    """The room, if `actor` may make hooks there. Raises NotFound, or Forbidden also when it is direct or archived."""
    room = moderated(actor, room_id)
    open_for_writing(room)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("a direct room has no hooks")
    return room


def message_of(actor: User | None, message_id: int) -> Message:
    """The message, if `actor` may see it and it has not been deleted."""
    messages = Message.objects.all() if actor is None else Message.objects.visible_to(actor)
    message = messages.filter(pk=message_id, deleted_at=None).select_related("room", "sender").first()
    if message is None:
        raise NotFound("there is no such message", field="message")
    return message


def attachments(ids: Sequence[str]) -> tuple[uuid.UUID, ...]:
    """Ids of uploads: each once, and no more than a message takes."""
    if len(ids) > ATTACHMENTS:
        raise BadRequest(f"a message has at most {ATTACHMENTS} files", field="attachments")
    try:
        found = tuple(uuid.UUID(each) for each in ids)
    except ValueError:
        raise BadRequest("attachments are ids of uploads", field="attachments") from None
    if len(set(found)) < len(found):
        raise BadRequest("attachments names a file twice", field="attachments")
    return found

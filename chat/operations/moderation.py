"""Keeping a room in order: muting for a time, reports."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from chat.models import AuditEntry, Membership, Report, Room, User
from chat.models.moderation import REASON_CHARACTERS
from chat.operations import audit, checking
from chat.operations.membership import member_updated
from chat.operations.notifying.making import reported_to, settle_report, tell_report
from chat.protocol.errors import BadRequest, Forbidden, NotFound
from chat.streams import log

LONGEST_MUTE: Final = timedelta(days=365)


def mute_member(*, actor: User | None, room_id: int, user_id: int, seconds: int) -> int:
    """Lets a member write nothing for so long, from now; 0 lets them write again. Returns the number of the event.

    Raises:
        BadRequest: no time, or longer than a year.
        NotFound: `actor` may not see the room, or `user_id` is not in it.
        Forbidden: `actor` does not moderate the room, or the other one does, too.
    """
    if not 0 <= seconds <= LONGEST_MUTE.total_seconds():
        raise BadRequest("seconds are from 0 to those of a year", field="seconds")
    room = checking.room_of(actor, room_id)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden("nobody is muted in a direct room")
    with transaction.atomic(), log.adding([room_id]) as additions:
        checking.moderates(actor, room)
        membership = Membership.objects.live().filter(room=room, user=user_id).select_related("user").first()
        if membership is None:
            raise NotFound("this person is not in the room", field="user")
        if membership.moderates:
            raise Forbidden("who moderates the room cannot be muted", field="user")
        now = timezone.now()
        until = now + timedelta(seconds=seconds) if seconds else None
        if until is None and membership.muted_until is None:
            return additions.head(room_id)
        membership.muted_until = until
        membership.save(update_fields=["muted_until"])
        act = AuditEntry.Act.MEMBER_MUTED if seconds else AuditEntry.Act.MEMBER_UNMUTED
        audit.record(act, actor=actor, room=room_id, user=user_id, details={"seconds": seconds})
        return member_updated(membership, now, additions)


def report_message(*, actor: User, message_id: int, reason: str = "") -> Report:
    """Tells those who run the room of a message. Once is enough: again changes the reason.

    Raises:
        BadRequest: the reason is too long, or it is one's own message.
        NotFound: there is no such message, or `actor` may not see it.
    """
    words = checking.text("reason", reason, most=REASON_CHARACTERS)
    message = checking.message_of(actor, message_id)
    if message.sender_id == actor.pk:
        raise BadRequest("this is your own message", field="message")
    told = {"reason": words, "body": message.body, "created_at": timezone.now(), "room": message.room}
    with transaction.atomic(), log.adding(reported_to(message.room)) as additions:
        report, new = Report.objects.update_or_create(message=message, reporter=actor, closed_at=None, defaults=told)
        if new:
            tell_report(report, message.room, additions)
        return report


def close_report(*, actor: User, report_id: int) -> Report:
    """Somebody has looked at it, whatever came of it.

    Raises:
        NotFound: there is no such open report in a room that `actor` moderates.
    """
    reports = (Report.objects.all() if actor.is_superuser else Report.objects.visible_to(actor)).open()
    known = reports.filter(pk=report_id).select_related("room").first()
    if known is None:
        raise NotFound("there is no such report", field="report")
    # Streams before the report, as whoever reports has them.
    with transaction.atomic(), log.adding(reported_to(known.room)) as additions:
        report = reports.filter(pk=report_id).select_for_update(of=("self",)).first()
        if report is None:
            raise NotFound("there is no such report", field="report")
        now = timezone.now()
        settle_report(report, now, additions)
        return _close(report, actor, now)


def _close(report: Report, actor: User, now: datetime) -> Report:
    report.closed_at, report.closed_by = now, actor
    report.save(update_fields=["closed_at", "closed_by"])
    act = AuditEntry.Act.REPORT_CLOSED
    audit.record(act, actor=actor, room=report.room_id, user=report.reporter_id, message=report.message_id)
    return report

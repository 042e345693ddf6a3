"""What was reported in a room, and what those who run it did: for themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import AuditEntry, Message, Report
from chat.operations.messages import delete_message
from chat.operations.moderation import close_report
from chat.protocol.errors import BadRequest
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web.page import member_page, show
from chat.web.person import Person, person
from chat.web.room import moderated_room
from chat.web.room_view import RoomView

PAGE_ENTRIES: Final = 50


@dataclass(frozen=True)
class Line:
    """An act, as a sentence that begins with who did it (nobody: the system)."""

    actor: Person | None
    did: str
    user: Person | None
    details: str
    at: datetime


@member_page
def reports(request: HttpRequest, slug: str) -> HttpResponseBase:
    user, room = moderated_room(request, slug)
    if request.method == "POST":
        report_id = parse_id(request.POST.get("report", "")) or 0
        match request.POST.get("do"):
            case "close":
                perform(close_report, actor=user, report_id=report_id)
                messages.success(request, "The report is closed.")
            case "delete":
                # First what may be refused, in an archived room: the report stays open then.
                wanted = Message.objects.filter(reports__in=Report.objects.visible_to(user).open().filter(pk=report_id))
                for message_id in wanted.filter(deleted_at=None).values_list("pk", flat=True):
                    perform(delete_message, actor=user, message_id=message_id)
                perform(close_report, actor=user, report_id=report_id)
                messages.success(request, "The message is deleted, the report closed.")
            case _:
                raise BadRequest("this page cannot do that")
        return redirect("reports", slug=slug)
    rows = Report.objects.filter(room=room).select_related("reporter", "message__sender", "closed_by")
    page = Paginator(rows.order_by("closed_at", "-pk"), PAGE_ENTRIES).get_page(request.GET.get("page"))
    context = {"room": RoomView.of(room, "owner"), "paging": page, "reports": [_shown(row) for row in page]}
    return show(request, "pages/reports.html", context, title=f"Reports of {room.name}", room_id=room.pk)


def _shown(row: Report) -> dict[str, object]:
    return {"row": row, "reporter": person(row.reporter), "sender": person(row.message.sender)}


@member_page
def log(request: HttpRequest, slug: str) -> HttpResponseBase:
    _, room = moderated_room(request, slug)
    rows = AuditEntry.objects.of_room(room).select_related("actor", "user")
    page = Paginator(rows, PAGE_ENTRIES).get_page(request.GET.get("page"))
    context = {"room": RoomView.of(room, "owner"), "paging": page, "lines": [_line(row) for row in page]}
    return show(request, "pages/room_log.html", context, title=f"Log of {room.name}", room_id=room.pk)


def _line(entry: AuditEntry) -> Line:
    return Line(
        actor=None if entry.actor is None else person(entry.actor),
        did=entry.get_act_display(),
        user=None if entry.user is None else person(entry.user),
        details=told(entry),
        at=entry.at,
    )


def told(entry: AuditEntry) -> str:
    """The details in words: `name: “Old” → “New”`."""
    said = []
    for name, value in entry.details.items():
        if isinstance(value, list) and len(value) == 2:
            said.append(f"{name.replace('_', ' ')}: “{value[0]}” → “{value[1]}”")
        elif name == "seconds" and value:
            said.append(f"for {value} s")
    return ", ".join(said)

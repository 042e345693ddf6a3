"""Keeping a room in order: who is muted or banned, what was reported, what was done."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View, nothing
from chat.api.body import Body
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.fields import Reason
from chat.api.paging import page
from chat.api.shapes import MemberData, member_in
from chat.models import AuditEntry, Report, RoomBan
from chat.operations import bans, checking, moderation
from chat.operations.wire import user_data
from chat.protocol.events import UserData
from chat.protocol.scopes import Scope
from chat.protocol.values import format_time
from chat.streams import writer


class MuteBody(Body):
    """For how long, from now."""

    seconds: Annotated[int, msgspec.Meta(ge=1, le=int(moderation.LONGEST_MUTE.total_seconds()))]


class ReportBody(Body):
    reason: Reason = ""


class BanBody(Body):
    reason: Reason = ""


class BanData(msgspec.Struct, frozen=True):
    """`by` is null for the system."""

    user: UserData
    by: UserData | None
    reason: str
    at: str


class ReportData(msgspec.Struct, frozen=True):
    """`body` is what the message said when it was reported."""

    id: str
    message: str
    room: str
    reporter: UserData
    reason: str
    body: str
    created_at: str
    closed_at: str | None


class AuditData(msgspec.Struct, frozen=True):
    """`actor` did it, null for the system; `user` and `message` are what it was about. `details` differ by `act`."""

    id: str
    at: str
    act: str
    actor: UserData | None
    user: UserData | None
    message: str | None
    details: dict[str, Any]


class Mute(View):
    """A member writes nothing for a time; for those who moderate the room."""

    writes = Scope.MANAGE

    @describe("mute_member", body=MuteBody, gives=MemberData)
    def put(self, request: Request, room_id: int, user_id: int) -> Response:
        self._mute(room_id, user_id, self.body(MuteBody).seconds)
        return Response(member_in(room_id, user_id))

    @describe("unmute_member", status=204)
    def delete(self, request: Request, room_id: int, user_id: int) -> HttpResponse:
        self._mute(room_id, user_id, 0)
        return nothing()

    def _mute(self, room_id: int, user_id: int, seconds: int) -> None:
        writer.perform(moderation.mute_member, actor=self.me, room_id=room_id, user_id=user_id, seconds=seconds)


class Bans(View):
    """Who is not let into a room, the last banned first; for those who moderate it."""

    @describe("list_bans", gives=pages_of(BanData), query=CURSOR)
    def get(self, request: Request, room_id: int) -> Response:
        return page(request, bans.bans_of(checking.moderated(self.me, room_id)), "-pk", _bans)


class OneBan(View):
    writes = Scope.MANAGE

    @describe("ban_member", body=BanBody, gives=BanData)
    def put(self, request: Request, room_id: int, user_id: int) -> Response:
        """Puts them out, if they are in, and lets them in no more. Again changes the reason."""
        reason = self.body(BanBody).reason
        ban = writer.perform(bans.ban_member, actor=self.me, room_id=room_id, user_id=user_id, reason=reason)
        return Response(_ban(ban))

    @describe("lift_ban", status=204)
    def delete(self, request: Request, room_id: int, user_id: int) -> HttpResponse:
        writer.perform(bans.lift_ban, actor=self.me, room_id=room_id, user_id=user_id)
        return nothing()


class ReportMessage(View):
    @describe("report_message", body=ReportBody, status=204)
    def post(self, request: Request, message_id: int) -> HttpResponse:
        """Those who moderate the room see it, and nobody else."""
        reason = self.body(ReportBody).reason
        writer.perform(moderation.report_message, actor=self.me, message_id=message_id, reason=reason)
        return nothing()


FILTERS = (word("open", "Only those that nobody has looked at, or the others.", ("true", "false")), *CURSOR)


class Reports(View):
    """What was reported in a room, newest first; for those who moderate it."""

    @describe("list_reports", gives=pages_of(ReportData), query=FILTERS)
    def get(self, request: Request, room_id: int) -> Response:
        reports = Report.objects.filter(room=checking.moderated(self.me, room_id)).select_related("reporter")
        if wanted := query.choice(request.query_params, "open", ("true", "false")):
            reports = reports.filter(closed_at__isnull=wanted == "true")
        return page(request, reports, "-pk", _reports)


class OneReport(View):
    @describe("close_report", status=204)
    def delete(self, request: Request, report_id: int) -> HttpResponse:
        """Closes it: somebody has looked at it, whatever came of it."""
        writer.perform(moderation.close_report, actor=self.me, report_id=report_id)
        return nothing()


class Log(View):
    """What those who moderate the room did in it, newest first; for themselves."""

    @describe("list_audit", gives=pages_of(AuditData), query=CURSOR)
    def get(self, request: Request, room_id: int) -> Response:
        room = checking.moderated(self.me, room_id)
        return page(request, AuditEntry.objects.filter(room=room).select_related("actor", "user"), "-pk", _entries)


def _ban(row: RoomBan) -> BanData:
    by = None if row.by is None else user_data(row.by)
    return BanData(user=user_data(row.user), by=by, reason=row.reason, at=format_time(row.at))


def _bans(found: Sequence[RoomBan]) -> list[BanData]:
    return [_ban(row) for row in found]


def _reports(found: Sequence[Report]) -> list[ReportData]:
    return [
        ReportData(
            id=str(row.pk),
            message=str(row.message_id),
            room=str(row.room_id),
            reporter=user_data(row.reporter),
            reason=row.reason,
            body=row.body,
            created_at=format_time(row.created_at),
            closed_at=None if row.closed_at is None else format_time(row.closed_at),
        )
        for row in found
    ]


def _entries(found: Sequence[AuditEntry]) -> list[AuditData]:
    return [
        AuditData(
            id=str(row.pk),
            at=format_time(row.at),
            act=row.act,
            actor=None if row.actor is None else user_data(row.actor),
            user=None if row.user is None else user_data(row.user),
            message=None if row.message_id is None else str(row.message_id),
            details=row.details,
        )
        for row in found
    ]

"""What those who run rooms did, and what was reported: for the owners of this Parley, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from chat.admin.desk import Desk, owner, reader, time_column
from chat.admin.short import Archive
from chat.admin.site import site
from chat.models import AuditEntry, Report
from chat.operations.moderation import close_report
from chat.streams.writer import perform


class _OwnersOnly(admin.ModelAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and owner(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and owner(request)


@admin.register(AuditEntry, site=site)
class AuditAdmin(_OwnersOnly, Archive):
    done = time_column("at", "when")
    list_display = ("done", "actor", "act", "room", "user")
    list_select_related = ("actor", "room", "user")
    list_filter = ("act",)
    search_fields = ("actor__username", "user__username", "room__name")
    search_help_text = "Names of people and rooms."
    ordering = ("-pk",)
    fields = ("done", "actor", "act", "room", "user", "message_id", "details")


@admin.register(Report, site=site)
class ReportAdmin(_OwnersOnly, Desk):
    made, ended = time_column("created_at", "when"), time_column("closed_at", "closed")
    list_display = ("made", "room", "reporter", "reason", "ended")
    list_select_related = ("room", "reporter")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("reporter__username", "room__name", "reason")
    ordering = ("-pk",)
    actions = ("close",)
    fields = ("made", "room", "message_id", "body", "reporter", "reason", "ended", "closed_by")

    def actions_for(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        return ("close",) if obj.closed_at is None else ()

    @admin.action(description="Close")
    def close(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        def act(report: Report) -> None:
            perform(close_report, actor=reader(request), report_id=report.pk)

        return self.do_each(request, queryset, act, "Closed")

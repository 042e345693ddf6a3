"""Links by which people come in."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from chat.admin.desk import Desk, time_column
from chat.admin.site import site
from chat.models import Invitation
from chat.operations import workspace
from chat.streams.writer import perform


class UsableFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "usable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", "open"), ("0", "expired, used up or revoked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        usable = Invitation.objects.usable(timezone.now()).values("pk")
        return queryset.filter(pk__in=usable) if self.value() == "1" else queryset.exclude(pk__in=usable)


@admin.register(Invitation, site=site)
class InvitationAdmin(Desk):
    """New ones are made on the page where their link is shown, once."""

    made, expires = time_column("created_at", "made"), time_column("expires_at", "expires")
    list_display = ("made", "created_by", "room", "used", "expires", "state")
    list_filter = (UsableFilter,)
    list_select_related = ("created_by", "room")
    search_fields = ("created_by__username", "created_by__name", "room__name")
    ordering = ("-created_at", "-pk")
    actions = ("revoke",)
    fields = ("created_by", "room", "made", "expires", "used", "state")

    @admin.display(description="used")
    def used(self, invitation: Invitation) -> str:
        return f"{invitation.uses} of {invitation.max_uses}"

    @admin.display(description="state")
    def state(self, invitation: Invitation) -> str:
        if invitation.revoked_at is not None:
            return "revoked"
        if invitation.expires_at <= timezone.now():
            return "expired"
        return "used up" if invitation.uses >= invitation.max_uses else "open"

    def actions_for(self, request: HttpRequest, obj: Invitation) -> Iterable[str]:
        return ("revoke",) if self.state(obj) == "open" else ()

    @admin.action(description="Revoke")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> HttpResponse | None:
        def act(invitation: Invitation) -> None:
            perform(workspace.revoke_invitation, actor=None, invitation_id=invitation.pk)

        return self.do_each(request, queryset, act, "Revoked")

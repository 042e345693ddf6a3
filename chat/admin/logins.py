"""From where people are signed in."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from chat.admin.desk import Desk, owners_only_by_owners, time_column
from chat.admin.site import site
from chat.models import Login
from chat.operations import logins
from chat.protocol.errors import Forbidden
from chat.streams.writer import perform


class LiveFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "live"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", "open"), ("0", "ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        live = Login.objects.live().values("pk")
        return queryset.filter(pk__in=live) if self.value() == "1" else queryset.exclude(pk__in=live)


@admin.register(Login, site=site)
class LoginAdmin(Desk):
    began, ended = time_column("created_at", "began"), time_column("revoked_at", "ended")
    expires = time_column("expires_at", "expires")
    list_display = ("user", "kind", "name", "user_agent", "began", "open", "ended")
    list_filter = (LiveFilter, "kind")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__name", "name", "user_agent")
    ordering = ("-created_at",)
    actions = ("end",)
    fields = ("user", "kind", "name", "scopes", "user_agent", "began", "expires", "open", "ended")

    @admin.display(boolean=True)
    def open(self, login: Login) -> bool:
        return login.is_live

    def actions_for(self, request: HttpRequest, obj: Login) -> Iterable[str]:
        return ("end",) if obj.is_live else ()

    @admin.action(description="End: sign out there")
    def end(self, request: HttpRequest, queryset: QuerySet[Login]) -> HttpResponse | None:
        def act(login: Login) -> None:
            owners_only_by_owners(request, login.user)
            if str(login.pk) == request.session.get("login"):
                raise Forbidden("this is where you are: sign out instead")
            perform(logins.end_login, login_id=login.pk)

        return self.do_each(request, queryset.select_related("user"), act, "Ended")

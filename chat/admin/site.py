"""The admin's front door: people come in by the sign-in of the pages, so that every session has its login."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from chat.admin import live
from chat.models.users import validate_time_zone


class ParleyAdminSite(admin.AdminSite):
    """Only what Parley registers here is shown, not the tables of the libraries beneath."""

    site_header = site_title = "Parley"
    index_title = "Administration"
    order = (
        "User",
        "Room",
        "Invitation",
        "Login",
        "Message",
        "Event",
        "Report",
        "AuditEntry",
        "BackgroundTask",
        "Workspace",
    )
    """What is needed daily comes first."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: self.order.index(model["object_name"]))
            app["models"][-1]["name"] = "Workspace"  # there is one
        return apps

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Never Django's own form: its sessions would stand on no login, and could not be ended."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            refused = "The admin is for the owners of this Parley, and for those to whom they opened it."
            return render(request, "403.html", {"refused": refused}, status=403)
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
            target = reverse("admin:index")
        return redirect_to_login(target)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Signing out ends the login, too, and is done on the page where that happens."""
        return redirect("profile")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("password-change")

    def get_urls(self) -> list[Any]:
        live_data = path("live/data/", self.admin_view(live.data), name="live-data")
        return [path("live/", self.admin_view(self.live), name="live"), live_data, *super().get_urls()]

    def live(self, request: HttpRequest) -> HttpResponseBase:
        return TemplateResponse(request, "admin/live.html", {**self.each_context(request), "title": "Live"})

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """As Django's, with times as the reader's clock shows them."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with timezone.override(_zone(request)):
                response = guarded(request, *args, **kwargs)
                if not getattr(response, "is_rendered", True):
                    response.render()  # type: ignore[attr-defined]
                return response

        return answer


def _zone(request: HttpRequest) -> ZoneInfo:
    """The reader's setting, else their browser's as its cookie tells, else UTC."""
    for name in (getattr(request.user, "time_zone", ""), request.COOKIES.get("tz", "")):
        with suppress(ValidationError):
            validate_time_zone(name)
            if name:
                return ZoneInfo(name)
    return ZoneInfo("UTC")


site = ParleyAdminSite(name="admin")

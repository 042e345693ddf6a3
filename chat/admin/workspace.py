"""This Parley itself: one row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect

from chat.admin.desk import Desk, OperationForm, owner, page_of, reader
from chat.admin.site import site
from chat.models import Room, Workspace
from chat.operations import workspace
from chat.streams.writer import perform


class WorkspaceForm(OperationForm):
    lobby = forms.ModelChoiceField(
        Room.objects.none(), required=False, empty_label="none", help_text="The open room that newcomers enter."
    )

    class Meta:
        model = Workspace
        fields = ("name", "open_signup", "lobby")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lobby" in self.fields:  # not on a page that is only read
            rooms = Room.objects.filter(Q(kind=Room.Kind.OPEN, archived_at=None) | Q(pk=self.instance.lobby_id))
            self.fields["lobby"].queryset = rooms.order_by("name")  # type: ignore[attr-defined]


@admin.register(Workspace, site=site)
class WorkspaceAdmin(Desk):
    form = WorkspaceForm
    fields = ("name", "open_signup", "lobby", "set_up_at", "epoch")
    readonly_fields = ("set_up_at", "epoch")

    def has_change_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return self.admin_site.has_permission(request) and owner(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is one."""
        return redirect(page_of(Workspace.current()))

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: bool) -> None:
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in ("name", "open_signup")}
        if "lobby" in form.changed_data:
            given["lobby_id"] = obj.lobby_id
        perform(workspace.update_workspace, actor=reader(request), **given)

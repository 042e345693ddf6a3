"""What all pages of the admin share: who may, and what becomes of an operation that refuses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.csrf import csrf_protect

from chat.models import User
from chat.protocol.errors import Forbidden, Refused
from chat.protocol.values import parse_id

REFUSALS_SHOWN = 5
FROM_PAGE = "from_page"
"""In a POST: the action was asked for on the page of one object, and leads back there."""


class OperationForm(forms.ModelForm):
    """A form that comes back with what the operation behind it refused, at the field to blame."""

    refusal: Refused | None = None
    field_of = {"password": "password1"}
    """Field of the operation → field of the form, where they differ."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None:
            field = self.field_of.get(self.refusal.field or "", self.refusal.field)
            self.add_error(field if field in self.fields else None, sentence(self.refusal))


class Desk(admin.ModelAdmin):
    """Read-only until a subclass says otherwise; nothing is ever deleted.

    Staff see the admin, and what each page shows them; there is no second system of permissions beside it.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    empty_value_display = ""
    change_form_template = "admin/desk/change_form.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """None also for a number that no database has room for."""
        if object_id.isdigit() and parse_id(object_id) is None:
            return None
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # type: ignore[attr-defined]
        return form

    @method_decorator(csrf_protect)
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Without the transaction that Django puts around it: each operation commits by itself, as everywhere.

        A transaction around several would lock streams in any order, and so wait for the writer that waits for it.
        """
        try:
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["desk_actions"] = self._offered(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def actions_for(self, request: HttpRequest, obj: Any) -> Iterable[str]:
        """Names of the actions that make sense for `obj` now, and are offered on its page."""
        return ()

    def _offered(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """(name, label) of what the page of one object offers."""
        if obj is None:
            return []
        labels = {name: str(action[2]) for name, action in self.get_actions(request).items() if action is not None}
        return [(name, labels[name]) for name in self.actions_for(request, obj) if name in labels]

    def do_each(
        self, request: HttpRequest, objects: QuerySet[Any], act: Callable[[Any], object], did: str
    ) -> HttpResponse | None:
        """An action: `act` on each object, noting "`did`" in its history; what is refused is told, by its reason."""
        done, refused = 0, []
        for obj in objects:
            try:
                act(obj)
            except Refused as refusal:
                refused.append(f"{obj}: {refusal.detail}")
            else:
                done += 1
                self.log_change(request, obj, f"{did}.")
        if done:
            plural = self.opts.verbose_name_plural if done > 1 else self.opts.verbose_name
            self.message_user(request, f"{did}: {done} {plural}.", messages.SUCCESS)
        for line in refused[:REFUSALS_SHOWN]:
            self.message_user(request, line, messages.ERROR)
        if len(refused) > REFUSALS_SHOWN:
            self.message_user(request, f"… and {len(refused) - REFUSALS_SHOWN} more.", messages.ERROR)
        return redirect(page_of(objects[0])) if FROM_PAGE in request.POST and objects else None


def owner(request: HttpRequest) -> bool:
    """Whether the reader owns this Parley."""
    return bool(reader(request).is_superuser)


def reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def owners_only_by_owners(request: HttpRequest, user: User) -> None:
    """Raises Forbidden when somebody else than an owner is about to touch an owner's account."""
    if user.is_superuser and not owner(request):
        raise Forbidden("only owners may do this to an owner")


def sentence(refused: Refused) -> str:
    """The detail of a refusal, set as a sentence."""
    return f"{refused.detail[:1].upper()}{refused.detail[1:]}."


def when(at: datetime | None, never: str = "–") -> str:
    """A time by the reader's clock, for fields that Django would show as they are stored."""
    return never if at is None else date_format(localtime(at), "j M Y, H:i")


def time_column(field: str, title: str) -> Any:
    """A column, or field to be read, of a time."""

    @admin.display(description=title, ordering=field)
    def column(_: admin.ModelAdmin, obj: Any) -> str:
        return when(getattr(obj, field))

    return column


def page_of(obj: Model) -> str:
    """The address of the page of one object."""
    return reverse(f"admin:chat_{obj._meta.model_name}_change", args=[quote(obj.pk)])


def listed(model: type[Model], **conditions: Any) -> str:
    """The address of a list, narrowed: `listed(Login, user__exact=3)`."""
    return f"{reverse(f'admin:chat_{model._meta.model_name}_changelist')}?{urlencode(conditions)}"

"""Who is in a room, on the page of the room: each change is an operation, so that live sockets see it."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chat.admin.desk import page_of, when
from chat.models import Membership, Room
from chat.operations import membership as memberships
from chat.protocol.errors import Refused
from chat.protocol.values import parse_id
from chat.streams.writer import perform

MEMBERS_SHOWN: Final = 100
"""A form of thousands of rows is not read by people, nor taken by Django (DATA_UPLOAD_MAX_NUMBER_FIELDS)."""
FIND_MEMBER: Final = "member"
"""In the address: shows the members whose name has this in it."""


def members_of(room: Room, wanted: str) -> QuerySet[Membership]:
    """Those in the room now, owners and moderators first."""
    rank = Case(
        When(role="owner", then=Value(0)),
        When(role="moderator", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = Membership.objects.live().filter(room=room)
    if wanted:
        found = found.filter(Q(user__username__icontains=wanted) | Q(user__name__icontains=wanted))
    return found.alias(rank=rank).order_by("rank", "user__username_key")


class MemberFormSet(BaseInlineFormSet):
    """Tells what it did in `did`, as Django's history wants it."""

    verb: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.did: list[dict[str, Any]] = []

    def try_to(self, request: HttpRequest, desk: admin.ModelAdmin, person: Any, **done: Any) -> Any:
        """A context that tells a refusal, and otherwise notes what was `done`."""
        return _Attempt(self, request, desk, person, done)


class _Attempt:
    def __init__(
        self, formset: MemberFormSet, request: HttpRequest, desk: admin.ModelAdmin, person: Any, done: dict[str, Any]
    ) -> None:
        self._formset, self._request, self._desk, self._person, self._done = formset, request, desk, person, done

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if isinstance(error, Refused):
            self._desk.message_user(self._request, f"{self._person}: {error.detail}", messages.ERROR)
            return True
        if error is None:
            ((verb, fields),) = self._done.items()
            self._formset.did.append({verb: {"name": "member", "object": str(self._person), **fields}})
        return False


class PresentMembers(MemberFormSet):
    """Role changes and removals."""

    wanted = ""

    def get_queryset(self) -> Any:
        """Of a large room the first hundred; of a form that was sent, those that it showed, wherever they are now."""
        if not hasattr(self, "_shown"):
            if self.is_bound:
                keys = [self.data.get(f"{self.prefix}-{number}-id", "") for number in range(self.initial_form_count())]
                shown: QuerySet[Membership] = Membership.objects.filter(
                    room=self.instance, pk__in=list(filter(None, map(parse_id, keys)))
                )
            else:
                found = members_of(self.instance, self.wanted).values("pk")[:MEMBERS_SHOWN]
                shown = members_of(self.instance, "").filter(pk__in=list(found.values_list("pk", flat=True)))
            self._shown = shown.select_related("user")
        return self._shown

    def perform_changes(self, request: HttpRequest, desk: admin.ModelAdmin) -> None:
        # A row that was forged to name a member of another room has no instance.
        leaving = [form.instance for form in self.deleted_forms if form.instance.pk]
        # Those who become owners first: so a room can be handed over in one go.
        changed = [form for form in self.initial_forms if form.has_changed() and form.instance not in leaving]
        for form in sorted(changed, key=lambda form: form.cleaned_data["role"] != Membership.Role.OWNER):
            person, role = form.instance.user, form.cleaned_data["role"]
            with self.try_to(request, desk, person, changed={"fields": [f"role to {role}"]}):
                perform(memberships.change_role, actor=None, room_id=self.instance.pk, user_id=person.pk, role=role)
        for membership in leaving:
            with self.try_to(request, desk, membership.user, deleted={}):
                perform(memberships.remove_member, actor=None, room_id=self.instance.pk, user_id=membership.user_id)


class NewMembers(MemberFormSet):
    """Those who are brought in."""

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.none()

    def perform_changes(self, request: HttpRequest, desk: admin.ModelAdmin) -> None:
        for form in self.extra_forms:
            if not form.has_changed():
                continue
            person, role = form.cleaned_data["user"], form.cleaned_data["role"]
            with self.try_to(request, desk, person, added={}):
                perform(memberships.add_member, actor=None, room_id=self.instance.pk, user_id=person.pk, role=role)


class RoomInline(admin.TabularInline):
    model = Membership
    fk_name = "room"
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return obj is not None and obj.kind != Room.Kind.DIRECT and self.admin_site.has_permission(request)

    has_add_permission = has_delete_permission = has_change_permission


class MembersInline(RoomInline):
    formset = PresentMembers
    verbose_name_plural = "members"
    extra = max_num = 0
    fields = ("person", "role", "since", "read")
    readonly_fields = ("person", "since", "read")

    def has_add_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Room | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.wanted = request.GET.get(FIND_MEMBER, "").replace("\x00", "").strip()  # type: ignore[attr-defined]
        return formset

    @admin.display(description="person")
    def person(self, membership: Membership) -> SafeString:
        user = membership.user
        name = f" {user.name}" if user.name else ""
        return format_html('<a href="{}">{}</a>{}', page_of(user), user, name)

    @admin.display(description="in since")
    def since(self, membership: Membership) -> str:
        return when(membership.created_at)

    @admin.display(description="read up to")
    def read(self, membership: Membership) -> int:
        return membership.read_seq


class NewMembersInline(RoomInline):
    formset = NewMembers
    verbose_name = "new member"
    verbose_name_plural = "add members"
    extra = 1
    can_delete = False
    fields = ("user", "role")
    autocomplete_fields = ("user",)

    def has_view_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Only who is enabled can be brought in; nobody is made or changed from here."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(is_active=True)
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field

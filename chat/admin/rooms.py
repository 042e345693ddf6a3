"""Rooms."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chat.admin.desk import Desk, OperationForm, listed, owner, page_of, reader, when
from chat.admin.members import FIND_MEMBER, MEMBERS_SHOWN, MembersInline, NewMembersInline
from chat.admin.site import site
from chat.models import Membership, Message, Room
from chat.operations import rooms
from chat.streams.writer import perform

RULES: Final = ("posting", "slow_seconds", "previews")


class RoomForm(OperationForm):
    archived = forms.BooleanField(required=False, help_text="Nobody can write in an archived room; all can read it.")

    class Meta:
        model = Room
        fields = ("name", "kind", "topic", *RULES)
        widgets = {"topic": forms.Textarea(attrs={"rows": 2, "cols": 80})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"].required = True
        if "kind" in self.fields:
            kinds = [choice for choice in Room.Kind.choices if choice[0] != Room.Kind.DIRECT]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if "archived" in self.fields:
            self.fields["archived"].initial = self.instance.archived_at is not None

    def _get_validation_exclusions(self) -> set[str]:
        """The slug is the operation's to make, so that the constraint on it cannot be checked here."""
        return super()._get_validation_exclusions() | {"slug"}  # type: ignore[misc]


class ArchivedFilter(admin.SimpleListFilter):
    title, parameter_name = "archived", "archived"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("0", "No"), ("1", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(archived_at__isnull=self.value() == "0")


@admin.register(Room, site=site)
class RoomAdmin(Desk):
    list_display = ("title", "kind", "topic_excerpt", "members_column", "messages_column", "last_message", "state")
    list_filter = ("kind", ArchivedFilter)
    search_fields = ("name", "slug", "topic", "members__username")
    search_help_text = "Name, address, topic, or the user name of a member."
    # Direct rooms have no slug, and come last.
    ordering = (F("slug").asc(nulls_last=True), "pk")
    actions = ("archive", "unarchive")
    form = RoomForm
    inlines = (NewMembersInline, MembersInline)
    change_form_template = "admin/chat/room/change_form.html"
    view_on_site = False

    # Who may -------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        """Of a direct room there is nothing to change."""
        return self.admin_site.has_permission(request) and (obj is None or obj.kind != Room.Kind.DIRECT)

    def actions_for(self, request: HttpRequest, obj: Room) -> Iterable[str]:
        if obj.kind == Room.Kind.DIRECT:
            return ()
        return ("archive",) if obj.archived_at is None else ("unarchive",)

    # The list ------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        """Owners see all; other staff the open rooms and their own, as on the pages.

        Each count is a range of an index alone: live memberships, messages that are not deleted.
        """
        found: QuerySet[Room] = super().get_queryset(request)
        if not owner(request):
            found = found.filter(pk__in=Room.objects.visible_to(reader(request)).values("pk"))
        members = Membership.objects.live().filter(room=OuterRef("pk")).order_by().values("room")
        messages = Message.objects.filter(room=OuterRef("pk"), deleted_at=None).order_by().values("room")
        names = Membership.objects.filter(room=OuterRef("pk")).order_by("user").values("user__username")
        newest = Message.objects.filter(room=OuterRef("pk")).order_by("-seq").values("created_at")
        return found.annotate(
            member_count=Coalesce(Subquery(members.annotate(count=Count("*")).values("count")), 0),
            message_count=Coalesce(Subquery(messages.annotate(count=Count("*")).values("count")), 0),
            last_message_at=Subquery(newest[:1]),
            one=Case(When(kind=Room.Kind.DIRECT, then=Subquery(names[:1]))),
            other=Case(When(kind=Room.Kind.DIRECT, then=Subquery(names.reverse()[:1]))),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Room], search_term: str
    ) -> tuple[QuerySet[Room], bool]:
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    @admin.display(description="room", ordering="name")
    def title(self, room: Any) -> str:
        return f"{room.one} and {room.other}" if room.kind == Room.Kind.DIRECT else room.name

    @admin.display(description="topic", ordering="topic")
    def topic_excerpt(self, room: Room) -> str:
        return room.topic if len(room.topic) <= 60 else f"{room.topic[:59]}…"

    @admin.display(description="members", ordering="member_count")
    def members_column(self, room: Any) -> int:
        return int(room.member_count)

    @admin.display(description="messages", ordering="message_count")
    def messages_column(self, room: Any) -> SafeString:
        address = listed(Message, q=f"in:{room.slug or room.pk}")
        return format_html('<a href="{}">{}</a>', address, f"{room.message_count:,}")

    @admin.display(description="last message", ordering="last_message_at")
    def last_message(self, room: Any) -> str:
        return when(room.last_message_at, "none")

    @admin.display(description="state", ordering="archived_at")
    def state(self, room: Room) -> str:
        return "archived" if room.archived_at is not None else ""

    # The page of one room ------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Room | None = None) -> Any:
        if obj is None:
            description = "You become its owner; members are added on the next page."
            return [(None, {"fields": ("name", "kind", "topic"), "description": description})]
        history = ("Here", {"fields": ("page", "messages_column", "last_message", "made")})
        if obj.kind == Room.Kind.DIRECT:
            return [(None, {"fields": ("kind",)}), history]
        return [(None, {"fields": ("name", "kind", "topic", *RULES, "archived")}), history]

    def get_readonly_fields(self, request: HttpRequest, obj: Room | None = None) -> Any:
        return () if obj is None else ("kind", "page", "messages_column", "last_message", "made")

    def get_inlines(self, request: HttpRequest, obj: Room | None) -> Any:
        return () if obj is None else self.inlines

    @admin.display(description="page")
    def page(self, room: Room) -> SafeString | str:
        return format_html('<a href="/rooms/{0}/">/rooms/{0}/</a>', room.slug) if room.slug else "–"

    @admin.display(description="made")
    def made(self, room: Room) -> SafeString | str:
        at, by = when(room.created_at), room.created_by
        return at if by is None else format_html('{} by <a href="{}">{}</a>', at, page_of(by), by)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"members_shown": MEMBERS_SHOWN, "member_wanted": request.GET.get(FIND_MEMBER, "")}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if change:
            given = {name: data[name] for name in ("name", "topic", *RULES, "archived")}
            perform(rooms.update_room, actor=None, room_id=obj.pk, **given)
            return
        made = perform(
            rooms.create_room, actor=reader(request), name=data["name"], kind=data["kind"], topic=data["topic"]
        )
        obj.stream_id = made.pk
        obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Each change of the members is an operation; one that is refused leaves the others done."""
        formset.perform_changes(request, self)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        said = list(super().construct_change_message(request, form, [], add))
        return said + [what for formset in formsets or () for what in formset.did]

    def response_add(self, request: HttpRequest, obj: Room, post_url_continue: str | None = None) -> Any:
        """On to the members."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, f"{obj} is made. Who shall be in it?")
        return redirect(page_of(obj))

    # Actions -------------------------------------------------------------------------------------

    @admin.action(description="Archive: read only from now on")
    def archive(self, request: HttpRequest, queryset: QuerySet[Room]) -> HttpResponse | None:
        return self._archive(request, queryset, True, "Archived")

    @admin.action(description="Open again")
    def unarchive(self, request: HttpRequest, queryset: QuerySet[Room]) -> HttpResponse | None:
        return self._archive(request, queryset, False, "Opened again")

    def _archive(self, request: HttpRequest, queryset: QuerySet[Room], archived: bool, did: str) -> HttpResponse | None:
        def act(room: Room) -> None:
            perform(rooms.update_room, actor=None, room_id=room.pk, archived=archived)

        return self.do_each(request, queryset, act, did)

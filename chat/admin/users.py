"""People."""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters

from chat.admin.desk import Desk, listed, owner, owners_only_by_owners, page_of, reader, sentence, time_column, when
from chat.admin.site import site
from chat.admin.user_forms import AddUserForm, ChangeUserForm, PasswordForm
from chat.models import Login, Membership, Message, Room, User
from chat.operations import logins, people
from chat.protocol.errors import Forbidden, Refused
from chat.streams.writer import perform

ROOMS_SHOWN = 50


def titled(title: str) -> type[admin.BooleanFieldListFilter]:
    """A filter by a yes or no that is called `title`."""

    class Titled(admin.BooleanFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


@admin.register(User, site=site)
class UserAdmin(Desk):
    joined = time_column("created_at", "joined")
    list_display = (
        "username",
        "name",
        "email",
        "standing",
        "rooms_column",
        "last_sign_in",
        "signed_in",
    )
    list_filter = (
        ("is_active", titled("enabled")),
        ("is_bot", titled("bot")),
        ("is_staff", titled("may use the admin")),
        ("is_superuser", titled("owner of this Parley")),
    )
    search_fields = ("username", "username_key", "name", "email")
    ordering = ("username_key",)
    actions = ("disable", "enable", "revoke", "make_owner", "make_staff", "make_member")
    fieldsets = (
        (None, {"fields": ("username", "standing", "is_active", "password_link")}),
        ("Profile", {"fields": ("name", "email", "hue", "time_zone")}),
        ("Here", {"fields": ("in_rooms", "said", "sign_ins", "joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "name", "email", "is_bot", "password1", "password2"),
                "description": "They can sign in at once. To let people choose their own name, send an invitation.",
            },
        ),
    )

    # Who may -------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An owner's account is touched by owners only: who sets its password or address, has it."""
        return self.admin_site.has_permission(request) and (obj is None or not obj.is_superuser or owner(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if not owner(request):
            for name in ("make_owner", "make_staff", "make_member"):
                actions.pop(name, None)
        return actions

    def actions_for(self, request: HttpRequest, obj: User) -> Iterable[str]:
        if not self.has_change_permission(request, obj):
            return
        if obj != request.user:
            yield "disable" if obj.is_active else "enable"
        yield "revoke"
        if obj.is_active and not obj.is_bot:
            if not obj.is_superuser:
                yield "make_owner"
            if not obj.is_staff:
                yield "make_staff"
        if obj.is_staff:
            yield "make_member"

    # The list ------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        rooms = Membership.objects.live().filter(user=OuterRef("pk")).order_by().values("user")
        live = Login.objects.filter(user=OuterRef("pk"), revoked_at=None).order_by().values("user")
        return users.annotate(
            room_count=Coalesce(Subquery(rooms.annotate(count=Count("*")).values("count")), 0),
            live_logins=Coalesce(Subquery(live.annotate(count=Count("*")).values("count")), 0),
            signed_in_at=Subquery(
                Login.objects.filter(user=OuterRef("pk")).order_by("-created_at").values("created_at")[:1]
            ),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        if "field_name" in request.GET:  # offered where somebody is to be chosen
            queryset = queryset.filter(is_active=True)
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    @admin.display(description="standing", ordering="-is_superuser")
    def standing(self, user: User) -> str:
        names = ((user.is_superuser, "Owner"), (user.is_staff, "Admin"), (user.is_bot, "Bot"), (True, "Member"))
        standing = next(name for applies, name in names if applies)
        return standing if user.is_active else f"{standing}, disabled"

    @admin.display(description="rooms", ordering="room_count")
    def rooms_column(self, user: Any) -> int:
        return int(user.room_count)

    @admin.display(description="last sign-in", ordering="signed_in_at")
    def last_sign_in(self, user: Any) -> str:
        return when(user.signed_in_at, "never")

    @admin.display(description="signed in", ordering="live_logins")
    def signed_in(self, user: Any) -> SafeString | str:
        if not user.live_logins or not user.is_active:
            return "–"
        return format_html('<a href="{}">{}</a>', listed(Login, user__exact=user.pk, live=1), user.live_logins)

    # The page of one person ----------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return ()
        return ("username", "standing", "is_active", "password_link", "in_rooms", "said", "sign_ins", "joined")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.add_fieldsets if obj is None else self.fieldsets

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=AddUserForm if obj is None else ChangeUserForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if change:
            profile = {name: data[name] for name in ("name", "email", "hue", "time_zone")}
            perform(people.update_profile, user=obj, **profile)
            return
        made = perform(
            people.create_user,
            actor=reader(request),
            username=data["username"],
            password=data["password1"],
            name=data["name"],
            email=data["email"],
            is_bot=data["is_bot"],
        )
        obj.stream_id = made.pk
        obj.refresh_from_db()

    @admin.display(description="password")
    def password_link(self, user: User) -> SafeString:
        return format_html('<a href="{}">Set a new one</a>', reverse("admin:chat_user_password", args=[user.pk]))

    @admin.display(description="rooms")
    def in_rooms(self, user: Any) -> SafeString | str:
        found = Room.objects.of_member(user).exclude(kind=Room.Kind.DIRECT).order_by("name")[:ROOMS_SHOWN]
        links = format_html_join(", ", '<a href="{}">{}</a>', ((page_of(room), room) for room in found))
        return links or "none"

    @admin.display(description="messages")
    def said(self, user: User) -> SafeString:
        return format_html('<a href="{}">What they wrote</a>', listed(Message, q=f"from:{user.username}"))

    @admin.display(description="sign-ins")
    def sign_ins(self, user: Any) -> SafeString:
        address, last = listed(Login, user__exact=user.pk), when(user.signed_in_at, "never")
        return format_html('<a href="{}">{} now</a>, the last one: {}', address, user.live_logins, last)

    # Passwords -----------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.password_view)
        return [path("<id:user_id>/password/", view, name="chat_user_password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Sets somebody else's password, and signs them out everywhere."""
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise Http404("there is no such user")
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user == request.user:
            return redirect("password-change")
        form = PasswordForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                perform(people.change_password, user=user, new_password=form.cleaned_data["password1"])
            except Refused as refusal:
                form.add_error("password1", sentence(refusal))
            else:
                self.log_change(request, user, "Set a new password.")
                self.message_user(request, f"{user} has a new password and is signed out everywhere.", messages.SUCCESS)
                return redirect(page_of(user))
        context = self.admin_site.each_context(request) | {
            "title": f"New password for {user}",
            "form": form,
            "opts": self.opts,
            "original": user,
        }
        return render(request, "admin/chat/user/password.html", context)

    # Actions -------------------------------------------------------------------------------------

    @admin.action(description="Disable, and cut their connections")
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        def act(user: User) -> None:
            owners_only_by_owners(request, user)
            if user == request.user:
                raise Forbidden("this is you")
            perform(people.disable_user, actor=None, user_id=user.pk)

        return self.do_each(request, queryset, act, "Disabled")

    @admin.action(description="Enable")
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        def act(user: User) -> None:
            owners_only_by_owners(request, user)
            perform(people.enable_user, actor=None, user_id=user.pk)

        return self.do_each(request, queryset, act, "Enabled")

    @admin.action(description="Sign out everywhere: sessions, tokens, sockets")
    def revoke(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Of oneself, all but the session in which it is asked."""

        def act(user: User) -> None:
            owners_only_by_owners(request, user)
            login = request.session.get("login") if user == request.user else None
            kept = uuid.UUID(login) if login else None
            perform(logins.end_all_logins, user_id=user.pk, except_login=kept)

        return self.do_each(request, queryset, act, "Signed out everywhere")

    @admin.action(description="Make owner of this Parley")
    def make_owner(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._change_standing(request, queryset, people.make_owner, "Made owner")

    @admin.action(description="Let use the admin")
    def make_staff(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._change_standing(request, queryset, people.make_staff, "Let use the admin")

    @admin.action(description="Take admin and ownership away")
    def make_member(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return self._change_standing(request, queryset, people.make_member, "Took admin and ownership away")

    def _change_standing(
        self, request: HttpRequest, queryset: QuerySet[User], operation: Any, did: str
    ) -> HttpResponse | None:
        def act(user: User) -> None:
            perform(partial(operation, actor=reader(request), user_id=user.pk))

        return self.do_each(request, queryset, act, did)

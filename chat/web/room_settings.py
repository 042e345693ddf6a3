"""Settings of a room: name, topic, previews, members and their roles, the archive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chat.models import Membership, Report, Room, RoomBan, User
from chat.operations import bans, rooms
from chat.operations import membership as memberships
from chat.operations.moderation import mute_member
from chat.protocol.errors import BadRequest, Refused
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web.forms import RoomRulesForm
from chat.web.page import member_page, sentence, show
from chat.web.panel import Member, by_name
from chat.web.person import person, reader
from chat.web.room import membership_in, room_named
from chat.web.room_view import RoomView

PAGE_MEMBERS = 100
MUTES = [(600, "10 minutes"), (3_600, "an hour"), (86_400, "a day"), (604_800, "a week")]


@dataclass
class Request:
    """One thing that somebody wants of the room, and what stood in its way."""

    actor: User
    room: Room
    post: Any
    form: RoomRulesForm
    add_error: str = ""
    done: str = field(default="")

    @property
    def room_id(self) -> int:
        return self.room.pk

    @property
    def user_id(self) -> int:
        return parse_id(self.post.get("user", "")) or 0


@member_page
def room_settings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Members read it, those who moderate the room change it."""
    user = reader(request)
    room = room_named(user, slug)
    membership = membership_in(user, room)
    if membership is None:
        return redirect("room", slug=slug)
    form = RoomRulesForm(initial=_initial(room))
    wish = Request(user, room, request.POST, form)
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("do", ""))
        if action is None:
            raise BadRequest("this page cannot do that")
        if action(wish):
            messages.success(request, wish.done)
            anchor = "#members" if action in ABOUT_MEMBERS else ""
            return redirect(reverse("room-settings", args=[slug]) + anchor)
        if wish.add_error and action is not _add:
            messages.error(request, wish.add_error)
            return redirect("room-settings", slug=slug)
    page = Paginator(by_name(room.pk), PAGE_MEMBERS).get_page(request.GET.get("page"))
    context = {
        "room": RoomView.of(room, membership.role),
        "form": wish.form,
        "members": [_member(row, membership) for row in page],
        "paging": page,
        "mutes": MUTES,
        "open_reports": Report.objects.open().filter(room=room).count() if membership.moderates else 0,
        "bans": [(person(ban.user), ban) for ban in _bans(room)] if membership.moderates else [],
        "roles": [(role.value, role.value.capitalize()) for role in reversed(Membership.Role)],
        "add_error": wish.add_error,
        "add_username": request.POST.get("username", ""),
    }
    return show(request, "pages/room_settings.html", context, title=f"Settings of {room.name}", room_id=room.pk)


def _initial(room: Room) -> dict[str, Any]:
    fields = ("name", "topic", "posting", "slow_seconds", "previews")
    return {field: getattr(room, field) for field in fields}


def _bans(room: Room) -> Iterable[RoomBan]:
    return bans.bans_of(room).order_by("user__username_key")[:PAGE_MEMBERS]


def _member(row: Membership, mine: Membership) -> Member:
    myself, owns = row.user_id == mine.user_id, mine.role == Membership.Role.OWNER
    writable = mine.room.archived_at is None
    return Member(
        person(row.user),
        row.role,
        may_change_role=owns and not myself and writable,
        may_remove=memberships.outranks(mine, row) and not myself,
        may_mute=mine.moderates and row.role == Membership.Role.MEMBER and writable,
        muted_until=row.muted_until if row.muted_until and row.muted_until > timezone.now() else None,
    )


def _update(wish: Request) -> bool:
    wish.form = RoomRulesForm(wish.post, initial=_initial(wish.room))
    if not wish.form.is_valid():
        return False
    try:
        perform(rooms.update_room, actor=wish.actor, room_id=wish.room_id, **wish.form.cleaned_data)
    except Refused as refused:
        wish.form.refuse(refused)
        return False
    wish.done = "Saved."
    return True


def _add(wish: Request) -> bool:
    username = wish.post.get("username", "").replace("\x00", "").strip().removeprefix("@")
    user = User.objects.named(username).filter(is_active=True).first()
    if user is None:
        wish.add_error = f"There is nobody with the user name “{username}”."
        return False
    return _try(wish, f"{user.display_name} is in.", memberships.add_member, user_id=user.pk)


def _remove(wish: Request) -> bool:
    return _try(wish, "Removed.", memberships.remove_member, user_id=wish.user_id)


def _ban(wish: Request) -> bool:
    reason = wish.post.get("reason", "")
    return _try(wish, "Banned from this room.", bans.ban_member, user_id=wish.user_id, reason=reason)


def _lift(wish: Request) -> bool:
    return _try(wish, "They may come in again.", bans.lift_ban, user_id=wish.user_id)


def _role(wish: Request) -> bool:
    role = wish.post.get("role", "")
    return _try(wish, "Role set.", memberships.change_role, user_id=wish.user_id, role=role)


def _mute(wish: Request) -> bool:
    seconds = parse_id(wish.post.get("seconds", "")) or 0
    done = "They cannot write for a time." if seconds else "They can write again."
    return _try(wish, done, mute_member, user_id=wish.user_id, seconds=seconds)


def _archive(wish: Request) -> bool:
    return _try(wish, "The room is archived.", rooms.update_room, archived=True)


def _restore(wish: Request) -> bool:
    return _try(wish, "The room is back.", rooms.update_room, archived=False)


def _try(wish: Request, done: str, operation: Callable[..., Any], **arguments: Any) -> bool:
    try:
        perform(operation, actor=wish.actor, room_id=wish.room_id, **arguments)
    except Refused as refused:
        wish.add_error = sentence(refused)
        return False
    wish.done = done
    return True


ACTIONS: dict[str, Callable[[Request], bool]] = {
    "update": _update,
    "add": _add,
    "remove": _remove,
    "ban": _ban,
    "lift": _lift,
    "role": _role,
    "mute": _mute,
    "archive": _archive,
    "restore": _restore,
}
ABOUT_MEMBERS = (_add, _remove, _ban, _lift, _role, _mute)

"""Invitations as those see them who may invite: owners of this Parley, and moderators into their rooms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from chat.models import Invitation, Membership, Room, User
from chat.operations import workspace
from chat.protocol.errors import Forbidden, Refused
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web.forms import InvitationForm
from chat.web.page import member_page, show
from chat.web.person import reader

LINK_KEY = "invitation_link"


@member_page
def invitations(request: HttpRequest) -> HttpResponseBase:
    """The links that work, and making another one. A fresh link is shown once."""
    user = reader(request)
    rooms = rooms_to_invite_into(user)
    if not rooms and not user.is_superuser:
        raise Forbidden("People are invited by the owners, and by those who moderate a room")
    form = InvitationForm(request.POST or None, rooms=_choices(user, rooms), initial=_initial(request, rooms))
    if request.method == "POST" and form.is_valid():
        try:
            request.session[LINK_KEY] = _make(request, user, form.cleaned_data)
            return redirect("invitations")
        except Refused as refused:
            form.refuse(refused)
    usable = Invitation.objects.usable(timezone.now()).select_related("room", "created_by").order_by("-pk")
    context = {
        "form": form,
        "link": request.session.pop(LINK_KEY, None) if request.method == "GET" else None,
        "invitations": usable if user.is_superuser else usable.filter(created_by=user),
    }
    return show(request, "pages/invitations.html", context, title="Invitations")


@require_POST
@member_page
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponseBase:
    perform(workspace.revoke_invitation, actor=reader(request), invitation_id=invitation_id)
    messages.success(request, "The link does not work any more.")
    return redirect("invitations")


def rooms_to_invite_into(user: User) -> list[Room]:
    moderated = Membership.objects.live().filter(user=user, role__in=(Membership.Role.OWNER, Membership.Role.MODERATOR))
    rooms = Room.objects.filter(pk__in=moderated.values("room"), archived_at=None).exclude(kind=Room.Kind.DIRECT)
    return list(rooms.order_by("name"))


def _choices(user: User, rooms: list[Room]) -> list[tuple[str, str]]:
    everywhere = [("", "No room in particular")] if user.is_superuser else []
    return everywhere + [(str(room.pk), room.name) for room in rooms]


def _initial(request: HttpRequest, rooms: list[Room]) -> dict[str, str]:
    wanted = next((room for room in rooms if room.slug == request.GET.get("room")), None)
    return {"room": str(wanted.pk)} if wanted else {}


def _make(request: HttpRequest, user: User, wanted: dict[str, Any]) -> str:
    _, token = perform(
        workspace.create_invitation,
        actor=user,
        room_id=parse_id(wanted["room"]),
        days=wanted["days"],
        max_uses=wanted["max_uses"],
    )
    return request.build_absolute_uri(reverse("invitation", args=[token]))

"""Outgoing webhooks of a room, for those who moderate it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.models.outgoing import URL_CHARACTERS
from chat.operations import outgoing
from chat.protocol.errors import BadRequest, Refused
from chat.protocol.told import ROOM_EVENTS
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web import once
from chat.web.forms import Choice, Form
from chat.web.page import member_page, show
from chat.web.room import moderated_room
from chat.web.room_view import RoomView

SHOWN = 20
WHAT = {
    "message.posted": "Something is said",
    "message.edited": "A message is edited",
    "message.deleted": "A message is deleted",
    "attachment.ready": "An image or a PDF of a message can be seen",
    "message.previewed": "The previews of its links change",
    "reaction.added": "Somebody reacts to a message",
    "reaction.removed": "A reaction is taken back",
    "message.pinned": "A message is pinned",
    "message.unpinned": "A message is pinned no more",
    "member.joined": "Somebody comes in",
    "member.updated": "Somebody gets another role",
    "member.left": "Somebody leaves",
    "room.updated": "Name, topic or settings change",
    "room.archived": "The room is archived or brought back",
}


class HookForm(Form):
    url = forms.CharField(
        label="URL", max_length=URL_CHARACTERS, widget=forms.URLInput(attrs={"placeholder": "https://"})
    )
    events = forms.MultipleChoiceField(
        label="It is told when",
        choices=[(name, Choice(WHAT[name], name)) for name in ROOM_EVENTS],
        widget=forms.CheckboxSelectMultiple,
        initial=["message.posted"],
    )


@member_page
def hooks(request: HttpRequest, slug: str) -> HttpResponseBase:
    user, room = moderated_room(request, slug)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = perform(outgoing.create_hook, actor=user, room_id=room.pk, **form.cleaned_data)
            once.keep(request, made.secret)
            return redirect("outgoing-hooks", slug=slug)
        except Refused as refused:
            form.refuse(refused)
    found = list(outgoing.hooks_of(room.pk))
    context = {"room": RoomView.of(room, "owner"), "form": form, "secret": once.taken(request), "hooks": found}
    title = f"Outgoing webhooks of {room.name}"
    return show(request, "pages/outgoing_hooks.html", context, title=title, room_id=room.pk)


@member_page
def hook(request: HttpRequest, slug: str, hook_id: int) -> HttpResponseBase:
    """How it goes with one of them, and what may be done about it."""
    user, room = moderated_room(request, slug)
    found = outgoing.hook_of(user, room.pk, hook_id)
    context = {
        "room": RoomView.of(room, "owner"),
        "hook": found,
        "tries": found.deliveries.order_by("-pk")[:SHOWN],
    }
    return show(request, "pages/outgoing_hook.html", context, title="Outgoing webhook", room_id=room.pk)


@require_POST
@member_page
def change(request: HttpRequest, slug: str, hook_id: int) -> HttpResponseBase:
    user, room = moderated_room(request, slug)
    which: dict[str, Any] = {"actor": user, "room_id": room.pk, "hook_id": hook_id}
    match request.POST.get("do"):
        case "delete":
            perform(outgoing.delete_hook, **which)
            messages.success(request, "Nothing is sent there any more.")
            return redirect("outgoing-hooks", slug=slug)
        case "enable" | "disable" as wish:
            perform(outgoing.update_hook, **which, enabled=wish == "enable")
            messages.success(request, "It goes on." if wish == "enable" else "It rests.")
        case "redeliver":
            perform(outgoing.redeliver, **which, seq=parse_id(request.POST.get("seq", "")) or 0)
            messages.success(request, "It is sent again from there.")
        case _:
            raise BadRequest("this page cannot do that")
    return redirect("outgoing-hook", slug=slug, hook_id=hook_id)

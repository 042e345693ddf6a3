"""Incoming webhooks of a room, for those who moderate it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.operations import incoming
from chat.protocol.errors import Refused
from chat.protocol.limits import NAME_CHARACTERS
from chat.streams.writer import perform
from chat.web import once
from chat.web.forms import Form
from chat.web.page import member_page, show
from chat.web.room import moderated_room
from chat.web.room_view import RoomView


class HookForm(Form):
    name = forms.CharField(
        label="Name", max_length=NAME_CHARACTERS, help_text="What comes by it is said by a bot of this name."
    )


@member_page
def hooks(request: HttpRequest, slug: str) -> HttpResponseBase:
    user, room = moderated_room(request, slug)
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = perform(incoming.create_hook, actor=user, room_id=room.pk, name=form.cleaned_data["name"])
            once.keep(request, request.build_absolute_uri(f"/hooks/{secret}"))
            return redirect("incoming-hooks", slug=slug)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "room": RoomView.of(room, "owner"),
        "form": form,
        "secret": once.taken(request),
        "hooks": incoming.hooks_of(room.pk),
    }
    return show(
        request, "pages/incoming_hooks.html", context, title=f"Incoming webhooks of {room.name}", room_id=room.pk
    )


@require_POST
@member_page
def revoke(request: HttpRequest, slug: str, hook_id: int) -> HttpResponseBase:
    user, room = moderated_room(request, slug)
    perform(incoming.revoke_hook, actor=user, room_id=room.pk, hook_id=hook_id)
    messages.success(request, "Nothing comes by that URL any more.")
    return redirect("incoming-hooks", slug=slug)

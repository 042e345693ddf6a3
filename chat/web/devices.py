"""The browsers to which notifications of the reader are pushed."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.operations.pushing import devices
from chat.protocol.errors import BadRequest
from chat.streams.writer import perform
from chat.web.door import current_login
from chat.web.logins import device
from chat.web.page import member_page
from chat.web.person import reader


@dataclass(frozen=True)
class Device:
    """A browser as its owner sees it."""

    pk: uuid.UUID
    name: str
    hides_words: bool
    created_at: datetime
    pushed_at: datetime | None
    current: bool


def devices_of(request: HttpRequest) -> list[Device]:
    current = current_login(request)
    return [
        Device(
            pk=row.pk,
            name=row.name or device(row.login),
            hides_words=row.hides_words,
            created_at=row.created_at,
            pushed_at=row.pushed_at,
            current=row.login_id == current,
        )
        for row in devices.devices_of(reader(request)).select_related("login")
    ]


@require_POST
@member_page
def change(request: HttpRequest, device_id: uuid.UUID) -> HttpResponseBase:
    user = reader(request)
    match request.POST.get("do"):
        case "test":
            perform(devices.test, actor=user, device_id=device_id)
            said = "A notification is on its way there."
        case "hide" | "show" as wanted:
            perform(devices.change, actor=user, device_id=device_id, hides_words=wanted == "hide")
            said = "Saved."
        case "remove":
            perform(devices.remove, actor=user, device_id=device_id)
            said = "Nothing is pushed there any more."
        case _:
            raise BadRequest("this page cannot do that")
    messages.success(request, said)
    return redirect("notify-settings")

"""From where somebody is signed in."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.models import Login
from chat.operations import logins
from chat.streams.writer import perform
from chat.web.door import current_login
from chat.web.page import member_page
from chat.web.person import reader

SHOWN = 30
_BROWSERS = re.compile(r"(Edg|OPR|Firefox|Chrome|Safari)/")
_SYSTEMS = re.compile(r"(Android|iPhone|iPad|Windows|Mac OS X|Linux)")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


@dataclass(frozen=True)
class Device:
    """One login as its owner sees it."""

    pk: uuid.UUID
    device: str
    created_at: datetime
    current: bool


def logins_of(request: HttpRequest) -> list[Device]:
    """The logins of the reader that still open doors, this one first, then the newest."""
    found = Login.objects.live().sign_ins().filter(user=reader(request))
    current = current_login(request)
    devices = [
        Device(login.pk, device(login), login.created_at, login.pk == current)
        for login in found.order_by("-created_at")[:SHOWN]
    ]
    return sorted(devices, key=lambda each: not each.current)


def device(login: Login) -> str:
    """`Firefox on Linux`, as far as the browser tells."""
    if login.kind == Login.Kind.TOKEN:
        return "A program, by token"
    browsers, system = _BROWSERS.findall(login.user_agent), _SYSTEMS.search(login.user_agent)
    rarest = next((name for name in ("Edg", "OPR", "Firefox", "Chrome", "Safari") if name in browsers), None)
    words = [_NAMES.get(rarest, rarest) if rarest else "A browser"]
    if system:
        words += ["on", _NAMES.get(system[1], system[1])]
    return " ".join(words)


@require_POST
@member_page
def end(request: HttpRequest, login_id: uuid.UUID) -> HttpResponseBase:
    """Signs oneself out elsewhere."""
    if not Login.objects.filter(pk=login_id, user=reader(request)).exists():
        raise Http404("there is no such login")
    perform(logins.end_login, login_id=login_id)
    messages.success(request, "Signed out there.")
    return redirect("profile")

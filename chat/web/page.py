"""What every page has in common: who may ask for it, in which time zone, and what a refusal looks like."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers

from chat.models import User, Workspace
from chat.protocol.errors import NotFound, Refused
from chat.web import markup
from chat.web import shell as shells
from chat.web.person import person, reader
from chat.web.shell import Shell

FRAGMENT_HEADER = "X-Parley-Fragment"
THEMES = {"auto": "As the system", "light": "Light", "dark": "Dark"}

View = Callable[..., HttpResponseBase]

# Reads hundreds of files each time it is called, and every page asks.
_time_zones = cache(available_timezones)


def member_page(view: View) -> View:
    """For people who are signed in; sends others to the door, and everybody to the set-up while there is nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return _guarded(view, request, *args, **kwargs)
        if is_fragment(request):
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path()) if User.objects.exists() else redirect("set-up")

    return answer


def open_page(view: View) -> View:
    """For anybody; sends to the set-up while there is nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not User.objects.exists():
            return redirect("set-up")
        return _guarded(view, request, *args, **kwargs)

    return answer


def set_up_page(view: View) -> View:
    """For the first visitor."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _guarded(view, request, *args, **kwargs)

    return answer


def _guarded(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    with timezone.override(reader_zone(request)):
        try:
            response = view(request, *args, **kwargs)
        except NotFound as refused:
            raise Http404(refused.detail) from refused
        except Refused as refused:
            template = {400: "400.html", 503: "503.html"}.get(refused.status, "403.html")
            response = render(request, template, {"refused": sentence(refused)}, status=refused.status)
    # Pages hold what people said: no shared cache keeps them, and going back asks again.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", FRAGMENT_HEADER))
    return response


def reader_zone(request: HttpRequest) -> ZoneInfo:
    """The time zone of whoever reads: their setting, else their browser's as its cookie tells, else UTC."""
    for name in (getattr(request.user, "time_zone", ""), request.COOKIES.get("tz", "")):
        if name in _time_zones():
            return ZoneInfo(name)
    return ZoneInfo("UTC")


def is_fragment(request: HttpRequest) -> bool:
    """True when the script asks for the inside of the page alone."""
    return request.headers.get(FRAGMENT_HEADER) == "1"


def format_bar_state(request: HttpRequest) -> str:
    """Whether the buttons over the composer are shown: `auto` is as the screen has room."""
    chosen = request.COOKIES.get("format_bar", "")
    return chosen if chosen in ("open", "closed") else "auto"


def panel_state(request: HttpRequest) -> str:
    """Whether the list of members stands open in this browser."""
    return "closed" if request.COOKIES.get("panel") == "closed" else "open"


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    room_id: int | None = None,
    shell: Shell | None = None,
    lines: bytes = b"",
) -> HttpResponse:
    """A page beside the sidebar; only its `<main>` when the script asked for a fragment.

    `lines` is the markup of messages, for the place that the template leaves to it.
    """
    shell = shell or read_shell(request, room_id)
    context = {
        "title": f"{title} · {shell.house.name}",
        "heading": title,
        "workspace": shell.house,
        "me": person(reader(request)),
        "theme": theme(request),
        "panel": panel_state(request),
        "format_bar": format_bar_state(request),
        **context,
    }
    if is_fragment(request):
        context["layout"] = "fragment.html"
    else:
        context["layout"] = "shell.html"
        context |= shells.context(request, shell, room_id)
    before, _, after = render_to_string(template, context, request).partition(markup.LINES_HERE)
    return HttpResponse([before, lines, after], status=context.get("status"))


def read_shell(request: HttpRequest, room_id: int | None) -> Shell:
    """What stands around a page; around a fragment, nothing but the name of the place."""
    return Shell(shells.house(), []) if is_fragment(request) else shells.read(reader(request), room_id)


def show_door(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """A page for somebody who is not in yet."""
    context = {"title": title, "workspace": Workspace.current(), "theme": theme(request), **context}
    return render(request, template, context, status=status)


def sentence(refused: Refused) -> str:
    """The detail of a refusal, set as a sentence."""
    detail = refused.detail.strip()
    return f"{detail[:1].upper()}{detail[1:]}{'' if detail.endswith(('.', '!', '?')) else '.'}"

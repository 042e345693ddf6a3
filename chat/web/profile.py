"""One's own profile: how others see one, and from where one is signed in."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chat.operations import people
from chat.protocol.errors import Refused
from chat.streams.writer import perform
from chat.web.forms import ProfileForm
from chat.web.logins import logins_of
from chat.web.page import THEMES, member_page, show, theme
from chat.web.person import reader

YEAR_SECONDS = 365 * 24 * 3600


@member_page
def profile(request: HttpRequest) -> HttpResponseBase:
    user = reader(request)
    initial = {"name": user.name, "email": user.email, "time_zone": user.time_zone, "hue": user.hue}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            perform(people.update_profile, user=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved.")
            return redirect("profile")
    context = {
        "form": form,
        "logins": logins_of(request),
        "themes": THEMES.items(),
        "theme": theme(request),
    }
    return show(request, "pages/profile.html", context, title="Profile")


@require_POST
@member_page
def set_theme(request: HttpRequest) -> HttpResponseBase:
    """Light or dark, in this browser. The script sets the same cookie."""
    response = redirect("profile")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR_SECONDS, samesite="Lax")
    return response

"""The first hour: whoever comes first names the place and owns it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import User
from chat.operations import workspace
from chat.protocol.errors import Conflict, Refused
from chat.streams.writer import perform
from chat.web.door import enter
from chat.web.forms import SetUpForm
from chat.web.page import set_up_page, show_door


@set_up_page
def set_up(request: HttpRequest) -> HttpResponseBase:
    """GET: the form, or home once there is somebody. POST: of two at once, one wins and the other is told."""
    if request.method != "POST":
        if User.objects.exists():
            return redirect("home")
        return show_door(request, "door/set_up.html", {"form": SetUpForm()}, title="Set up")
    form = SetUpForm(request.POST)
    if not form.is_valid() and not User.objects.exists():
        return show_door(request, "door/set_up.html", {"form": form}, title="Set up")
    if User.objects.exists():
        return _taken(request)
    try:
        owner = perform(workspace.set_up, **form.cleaned_data)
    except Conflict as refused:
        if refused.field is None:
            return _taken(request)
        form.refuse(refused)
    except Refused as refused:
        form.refuse(refused)
    else:
        enter(request, owner)
        return redirect("home")
    return show_door(request, "door/set_up.html", {"form": form}, title="Set up")


def _taken(request: HttpRequest) -> HttpResponseBase:
    return show_door(request, "door/set_up_taken.html", {}, title="Set up", status=409)

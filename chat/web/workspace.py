"""Settings of the place itself, for its owners."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chat.models import Workspace
from chat.operations import workspace
from chat.protocol.errors import Forbidden, Refused
from chat.protocol.limits import NAME_CHARACTERS
from chat.streams.writer import perform
from chat.web.forms import Choice, Form
from chat.web.page import member_page, show
from chat.web.person import reader


class WorkspaceForm(Form):
    name = forms.CharField(label="Name", max_length=NAME_CHARACTERS, widget=forms.TextInput(attrs={"dir": "auto"}))
    open_signup = forms.TypedChoiceField(
        label="Who may make an account",
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        choices=[
            (False, Choice("People with an invitation", "Owners and moderators make the links.")),
            (True, Choice("Everybody who reaches this page", "No invitation is asked for.")),
        ],
    )


@member_page
def settings(request: HttpRequest) -> HttpResponseBase:
    user = reader(request)
    if not user.is_superuser:
        raise Forbidden("Only the owners change what everybody shares")
    current = Workspace.current()
    form = WorkspaceForm(request.POST or None, initial={"name": current.name, "open_signup": current.open_signup})
    if request.method == "POST" and form.is_valid():
        try:
            perform(workspace.update_workspace, actor=user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved.")
            return redirect("workspace")
    return show(request, "pages/workspace.html", {"form": form}, title="Settings of this place")

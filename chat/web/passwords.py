"""Changing the password, and getting a new one by mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters

from chat.models import User, Workspace
from chat.operations import logins, people
from chat.protocol.errors import Refused
from chat.streams.writer import perform
from chat.web.door import current_login
from chat.web.forms import Form, dress, password_field
from chat.web.page import member_page, open_page, show, show_door, theme
from chat.web.shell import reader


class NewPasswordForm(Form):
    """A new password, typed once: browsers can show it. `user` is whose it will be."""

    new_password = password_field("New password", new=True)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def refuse(self, refused: Refused) -> None:
        if refused.field == "password":
            refused.field = "new_password"
        super().refuse(refused)


class ChangePasswordForm(NewPasswordForm):
    password = password_field("Present password", new=False)
    field_order = ("password", "new_password")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your present password.")
        return password


@member_page
@sensitive_post_parameters()
def change(request: HttpRequest) -> HttpResponseBase:
    """Keeps this session and ends all others."""
    user = reader(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login_id = current_login(request)
        new_password = form.cleaned_data["new_password"]
        try:
            perform(people.change_password, user=user, new_password=new_password, keep_login=login_id)
        except Refused as refused:
            form.refuse(refused)
        else:
            update_session_auth_hash(request, user)
            if login_id is not None:
                perform(logins.move_login, login_id=login_id, session_key=request.session.session_key or "")
            messages.success(request, "The password is changed.")
            return redirect("profile")
    return show(request, "pages/password_change.html", {"form": form}, title="Change the password")


@open_page
def reset(request: HttpRequest) -> HttpResponseBase:
    """Sends a link, if somebody has the address. The answer does not tell whether."""
    form = PasswordResetForm(request.POST or None, label_suffix="")
    dress(form)
    if request.method == "POST" and form.is_valid():
        form.save(
            request=request,
            use_https=request.is_secure(),
            subject_template_name="registration/password_reset_subject.txt",
            email_template_name="registration/password_reset_email.txt",
            extra_email_context={"site_name": Workspace.current().name},
        )
        return redirect("password-reset-sent")
    return show_door(request, "door/password_reset.html", {"form": form}, title="Set a new password")


@open_page
def reset_sent(request: HttpRequest) -> HttpResponseBase:
    return show_door(request, "door/password_reset_sent.html", {}, title="Look into your mail")


class ResetConfirm(views.PasswordResetConfirmView):
    """The page behind the link. Django moves the token out of the address; the operation sets the password."""

    template_name = "door/password_reset_confirm.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("sign-in")
    title = "Choose a new password"

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        try:
            perform(people.change_password, user=form.user, new_password=form.cleaned_data["new_password"])
        except Refused as refused:
            form.refuse(refused)
            return self.form_invalid(form)
        del self.request.session[views.INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, "The password is set. Sign in with it.")
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"workspace": Workspace.current(), "theme": theme(self.request)}


reset_confirm = open_page(ResetConfirm.as_view())

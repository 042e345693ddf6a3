"""Changing the password, and getting a new one by mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.debug import sensitive_post_parameters

from chat.models import User, Workspace
from chat.operations import logins, people
from chat.protocol.errors import Refused
from chat.streams.writer import perform
from chat.web import throttle
from chat.web.door import current_login
from chat.web.forms import Form, dress, password_field
from chat.web.page import member_page, open_page, show, show_door
from chat.web.person import reader

TOKEN_IN_SESSION = "set"
TOKEN_KEY = "password_reset_token"


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
    """Sends a link, if somebody has the address and has not got many. The answer does not tell whether."""
    form = PasswordResetForm(request.POST or None, label_suffix="")
    dress(form)
    if request.method == "POST" and form.is_valid():
        if throttle.mails(request, form.cleaned_data["email"]).begin():
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


@open_page
@sensitive_post_parameters()
def reset_confirm(request: HttpRequest, uidb64: str, token: str) -> HttpResponseBase:
    """The page behind the link. The token moves into the session first, so that the address can leak none."""
    user = _user_of(uidb64)
    if user is None or not default_token_generator.check_token(user, _token(request, token)):
        return show_door(request, "door/password_reset_confirm.html", {"validlink": False}, title="Link used up")
    if token != TOKEN_IN_SESSION:
        request.session[TOKEN_KEY] = token
        return redirect("password-reset-confirm", uidb64, TOKEN_IN_SESSION)
    form = NewPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            perform(people.change_password, user=user, new_password=form.cleaned_data["new_password"])
        except Refused as refused:
            form.refuse(refused)
        else:
            del request.session[TOKEN_KEY]
            messages.success(request, "The password is set. Sign in with it.")
            return redirect("sign-in")
    context = {"validlink": True, "form": form}
    return show_door(request, "door/password_reset_confirm.html", context, title="Choose a new password")


def _token(request: HttpRequest, token: str) -> str:
    return request.session.get(TOKEN_KEY, "") if token == TOKEN_IN_SESSION else token


def _user_of(uidb64: str) -> User | None:
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(uidb64)), is_active=True).first()
    except (ValueError, OverflowError):
        return None

"""Coming in and going out: sign-in, sign-out, sign-up, and invitations as those who got one see them."""

import uuid
from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from chat.models import Login, User, Workspace
from chat.operations import logins, workspace
from chat.protocol.errors import NotFound, Refused
from chat.streams.writer import perform
from chat.web import throttle
from chat.web.forms import SignInForm, SignUpForm
from chat.web.page import open_page, show_door
from chat.web.person import person, reader

LOGIN_KEY = "login"


@open_page
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method != "POST":
        return show_door(request, "door/sign_in.html", {"form": SignInForm(request)}, title="Sign in")
    tries = throttle.tries(request)
    form = SignInForm(request, request.POST)
    # Before the password is looked at: many who guess at once would all pass a count of what was wrong.
    if not tries.begin():
        form.turn_away("Too many tries. Wait a few minutes, then try again.")
        return show_door(request, "door/sign_in.html", {"form": form}, title="Sign in", status=429)
    if form.is_valid():
        tries.forget()
        enter(request, form.user)
        return redirect(_next(request))
    return show_door(request, "door/sign_in.html", {"form": form}, title="Sign in")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the login, which cuts its live sockets, and the session."""
    leave(request)
    auth.logout(request)
    messages.info(request, "You are signed out.")
    response = redirect("sign-in")
    # Else the next person at this computer goes back to what was read here.
    response["Clear-Site-Data"] = '"cache"'
    return response


@open_page
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """For everybody, where the owner opened it."""
    if request.user.is_authenticated:
        return redirect("home")
    if not Workspace.current().open_signup:
        return show_door(request, "door/closed.html", {}, title="By invitation", status=403)
    return _new_account(request, workspace.sign_up, {}, {})


@open_page
@sensitive_post_parameters("password")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    if request.user.is_authenticated:
        context = {"me": person(reader(request))}
        return show_door(request, "door/invitation_member.html", context, title="Invitation")
    try:
        invitation = workspace.find_invitation(token=token)
        return _new_account(request, workspace.accept_invitation, {"token": token}, {"invitation": invitation})
    except NotFound:
        return show_door(request, "door/invitation_used.html", {}, title="Invitation", status=404)


def _new_account(
    request: HttpRequest, operation: Any, arguments: dict[str, Any], context: dict[str, Any]
) -> HttpResponseBase:
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = perform(operation, **arguments, **form.cleaned_data)
        except NotFound:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            enter(request, user)
            return redirect("home")
    return show_door(request, "door/sign_up.html", {"form": form, **context}, title="Make an account")


def enter(request: HttpRequest, user: User) -> None:
    """Signs `user` in, in this browser. The login carries the session's key, so it comes after Django chose that."""
    leave(request)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if not request.session.session_key:
        request.session.create()
    login = perform(
        logins.start_login,
        user=user,
        kind=Login.Kind.SESSION,
        session_key=request.session.session_key or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
    request.session[LOGIN_KEY] = str(login.pk)


def leave(request: HttpRequest) -> None:
    """Ends the login of this browser, if it has one."""
    login_id = current_login(request)
    if login_id is not None:
        perform(logins.end_login, login_id=login_id)


def current_login(request: HttpRequest) -> uuid.UUID | None:
    """The login that this session stands on."""
    login_id = request.session.get(LOGIN_KEY)
    return uuid.UUID(login_id) if login_id else None


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: what `next` names if it is a page of ours, else home."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    # A word without a slash would be taken for the name of a view.
    return target if own and "/" in target else "home"

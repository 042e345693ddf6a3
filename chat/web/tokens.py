"""Personal access tokens of the reader, and the bots of this Parley with theirs."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from chat.models import Login, User
from chat.operations import people, personal_tokens
from chat.protocol.errors import Refused
from chat.protocol.limits import NAME_CHARACTERS
from chat.protocol.scopes import Scope
from chat.protocol.values import parse_id
from chat.streams.writer import perform
from chat.web import once
from chat.web.forms import Choice, Form, username_field
from chat.web.page import member_page, show
from chat.web.person import Person, person, reader

SCOPES = [
    (Scope.READ.value, Choice("Read", "See and hear what you may.")),
    (Scope.WRITE.value, Choice("Write", "Post, edit and delete, join and leave.")),
    (Scope.MANAGE.value, Choice("Manage", "Rooms, members, people, the profile.")),
]
LIVES = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("0", "until it is revoked")]


class TokenForm(Form):
    name = forms.CharField(label="What it is for", max_length=NAME_CHARACTERS)
    days = forms.ChoiceField(label="It works for", choices=LIVES, initial="90")
    scopes = forms.MultipleChoiceField(
        label="It may", choices=SCOPES, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ, Scope.WRITE]
    )


class BotForm(Form):
    username = username_field()
    name = forms.CharField(label="Name", max_length=NAME_CHARACTERS, required=False)


@dataclass(frozen=True)
class Bot:
    """A bot as owners see it."""

    person: Person
    tokens: list[Login]


@member_page
def tokens(request: HttpRequest) -> HttpResponseBase:
    """One's own."""
    user = reader(request)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make(request, form, user, user):
        return redirect("tokens")
    context = {"form": form, "secret": once.taken(request), "tokens": personal_tokens.live_tokens(user)}
    return show(request, "pages/tokens.html", context, title="Access tokens")


@require_POST
@member_page
def revoke(request: HttpRequest, token_id: uuid.UUID) -> HttpResponseBase:
    perform(personal_tokens.revoke_token, actor=reader(request), token_id=token_id)
    messages.success(request, "The token opens nothing any more.")
    bot_id = parse_id(request.POST.get("bot", ""))
    return redirect("tokens") if bot_id is None else redirect("bot", user_id=bot_id)


@member_page
def bots(request: HttpRequest) -> HttpResponseBase:
    user = reader(request)
    found = people.live_bots(actor=user).filter(incoming_hook=None)
    form = BotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = perform(people.create_bot, actor=user, **form.cleaned_data)
            return redirect("bot", user_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "form": form,
        "bots": [Bot(person(bot), list(personal_tokens.live_tokens(bot))) for bot in found],
    }
    return show(request, "pages/bots.html", context, title="Bots")


@member_page
def bot(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """One bot: its tokens, and its end."""
    user = reader(request)
    found = get_object_or_404(people.live_bots(actor=user), pk=user_id)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make(request, form, user, found):
        return redirect("bot", user_id=user_id)
    context = {
        "form": form,
        "secret": once.taken(request),
        "bot": person(found),
        "tokens": personal_tokens.live_tokens(found),
    }
    return show(request, "pages/bot.html", context, title=found.display_name)


@require_POST
@member_page
def disable(request: HttpRequest, user_id: int) -> HttpResponseBase:
    user = reader(request)
    found = get_object_or_404(people.live_bots(actor=user), pk=user_id)
    perform(people.disable_user, actor=user, user_id=found.pk)
    messages.success(request, f"{found.display_name} is disabled, and its tokens are gone.")
    return redirect("bots")


def _make(request: HttpRequest, form: TokenForm, actor: User, owner: User) -> bool:
    wanted: dict[str, Any] = form.cleaned_data
    try:
        _, secret = perform(
            personal_tokens.create_token,
            actor=actor,
            owner=owner,
            name=wanted["name"],
            scopes=wanted["scopes"],
            days=int(wanted["days"]) or None,
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    once.keep(request, secret)
    return True

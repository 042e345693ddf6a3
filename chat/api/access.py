"""Ways in: where one is signed in, personal access tokens, and bots with theirs. For people who have signed in."""

import uuid
from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View, nothing
from chat.api.body import Body
from chat.api.describing import CURSOR, describe, list_of, pages_of
from chat.api.fields import Days, MaybeName, Name, Scopes, UserName
from chat.api.paging import page
from chat.api.shapes import LoginData, MadeToken, TokenData, login_data, made_token, token_data, users_data
from chat.models import Login, User
from chat.operations import logins, people, personal_tokens
from chat.operations.wire import user_data
from chat.protocol.errors import Forbidden, NotFound
from chat.protocol.events import UserData
from chat.protocol.scopes import Scope
from chat.streams import writer


class NewTokenBody(Body):
    """Without `days` the token does not expire."""

    name: Name
    scopes: Scopes = msgspec.field(default_factory=lambda: list(Scope))
    days: Days | None = None


class NewBotBody(Body):
    username: UserName
    name: MaybeName = ""


class _Ways(View):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.identity.is_personal:
            raise Forbidden("a personal access token makes and ends no other way in: sign in")


class Logins(_Ways):
    """Browser sessions and token families that are live, newest first; `current` is the one that asks."""

    @describe("list_logins", gives=list_of(LoginData))
    def get(self, request: Request) -> Response:
        found = Login.objects.live().sign_ins().filter(user=self.me).order_by("-created_at")
        return Response({"results": [login_data(login, self.identity.login_id) for login in found]})


class OneLogin(_Ways):
    @describe("end_login", status=204)
    def delete(self, request: Request, login_id: uuid.UUID) -> HttpResponse:
        """Signs out there, at once: sockets close, tokens open nothing any more."""
        found = Login.objects.live().sign_ins().filter(pk=login_id, user=self.me)
        if not found.exists():
            raise NotFound("there is no such login")
        writer.perform(logins.end_login, login_id=login_id)
        return nothing()


class Tokens(_Ways):
    @describe("list_tokens", gives=list_of(TokenData))
    def get(self, request: Request) -> Response:
        return Response({"results": [token_data(token) for token in personal_tokens.live_tokens(self.me)]})

    @describe("create_token", body=NewTokenBody, gives=MadeToken, status=201, refusals=(409,))
    def post(self, request: Request) -> Response:
        """201 with `token`, which is shown this once."""
        fields = self.body(NewTokenBody).given()
        made, secret = writer.perform(personal_tokens.create_token, actor=self.me, owner=self.me, **fields)
        return Response(made_token(made, secret), status=201)


class OneToken(_Ways):
    @describe("revoke_token", status=204)
    def delete(self, request: Request, token_id: uuid.UUID) -> HttpResponse:
        """Revokes it, at once. Owners of this Parley revoke those of bots, too."""
        writer.perform(personal_tokens.revoke_token, actor=self.me, token_id=token_id)
        return nothing()


class Bots(_Ways):
    """Programs with a name of their own, which owners of this Parley make."""

    @describe("list_bots", gives=pages_of(UserData), query=CURSOR)
    def get(self, request: Request) -> Response:
        return page(request, people.live_bots(actor=self.me), "username_key", users_data)

    @describe("create_bot", body=NewBotBody, gives=UserData, status=201, refusals=(409,))
    def post(self, request: Request) -> Response:
        made = writer.perform(people.create_bot, actor=self.me, **self.body(NewBotBody).given())
        return Response(user_data(made), status=201)


class OneBot(_Ways):
    @describe("disable_bot", status=204)
    def delete(self, request: Request, user_id: int) -> HttpResponse:
        """Disables it: its tokens and sockets end at once, and what it said stays."""
        _bot(user_id)
        writer.perform(people.disable_user, actor=self.me, user_id=user_id)
        return nothing()


class BotTokens(_Ways):
    @describe("list_bot_tokens", gives=list_of(TokenData))
    def get(self, request: Request, user_id: int) -> Response:
        bot = _bot(user_id)
        personal_tokens.check_owner(self.me, bot)
        return Response({"results": [token_data(token) for token in personal_tokens.live_tokens(bot)]})

    @describe("create_bot_token", body=NewTokenBody, gives=MadeToken, status=201, refusals=(409,))
    def post(self, request: Request, user_id: int) -> Response:
        """201 with `token`, which is shown this once."""
        fields = self.body(NewTokenBody).given()
        made, secret = writer.perform(personal_tokens.create_token, actor=self.me, owner=_bot(user_id), **fields)
        return Response(made_token(made, secret), status=201)


def _bot(user_id: int) -> User:
    found: User | None = User.objects.filter(pk=user_id, is_bot=True).first()
    if found is None:
        raise NotFound("there is no such bot")
    return found

"""Signing in by name and password for programs, and staying so."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View, nothing
from chat.api.body import Body
from chat.api.describing import describe
from chat.api.shapes import PairData
from chat.models import User
from chat.operations import throttling, tokens
from chat.operations.credentials import BadCredentials
from chat.protocol.faults import is_text
from chat.streams import writer


class SignInBody(Body):
    username: str
    password: str


class RefreshBody(Body):
    refresh: str


class _Door(View):
    """Open to those who come to prove who they are. No cache keeps the answer."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


class Tokens(_Door):
    @describe("sign_in", body=SignInBody, gives=PairData, refusals=(401,))
    def post(self, request: Request) -> Response:
        throttling.SIGN_INS.count(throttling.address_of(self.plain_request))
        body = self.body(SignInBody)
        user = self._who(body)
        pair = writer.perform(tokens.issue_tokens, user=user, user_agent=request.headers.get("User-Agent", ""))
        return Response({"access": pair.access, "refresh": pair.refresh})

    def _who(self, body: SignInBody) -> User:
        """The enabled person with this name and password: alike slow and silent whichever of them is wrong."""
        user = None
        if is_text(body.username) and "\x00" not in body.username:
            user = authenticate(self.plain_request, username=body.username, password=body.password)
        if not isinstance(user, User):
            raise BadCredentials("there is no enabled user with this name and password")
        return user


class Refresh(_Door):
    @describe("refresh_token", body=RefreshBody, gives=PairData, refusals=(401, 409))
    def post(self, request: Request) -> Response:
        refresh, arrived_at = self.body(RefreshBody).refresh, timezone.now()
        pair = writer.perform(tokens.rotate_tokens, refresh=refresh, arrived_at=arrived_at)
        if pair is None:
            raise BadCredentials("this token was used before: the login has ended")
        return Response({"access": pair.access, "refresh": pair.refresh})


class Revoke(_Door):
    @describe("revoke_login", body=RefreshBody, status=204, refusals=(401,))
    def post(self, request: Request) -> Any:
        writer.perform(tokens.revoke_tokens, refresh=self.body(RefreshBody).refresh)
        return nothing()

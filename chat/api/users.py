"""People: oneself, and everybody."""

from django.db.models import Q
from msgspec import UNSET, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View
from chat.api.body import Body
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.fields import Email, Hue, MaybeName, Password, UserName
from chat.api.paging import page
from chat.api.shapes import MeData, me_data, users_data
from chat.models import User, names
from chat.operations import people
from chat.operations.wire import user_data
from chat.protocol.errors import NotFound
from chat.protocol.events import UserData
from chat.protocol.scopes import Scope
from chat.streams import writer


class ProfileBody(Body):
    name: MaybeName | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    hue: Hue | UnsetType = UNSET


class UserBody(Body):
    username: UserName
    password: Password
    name: MaybeName = ""
    email: Email = ""


class Me(View):
    writes = Scope.MANAGE

    @describe("get_me", gives=MeData)
    def get(self, request: Request) -> Response:
        return Response(me_data(self.me))

    @describe("update_me", body=ProfileBody, gives=MeData, refusals=(409,))
    def patch(self, request: Request) -> Response:
        changes = self.body(ProfileBody).given()
        return Response(me_data(writer.perform(people.update_profile, user=self.me, **changes)))


class Users(View):
    """All who are enabled, by user name; `?q=` keeps those whose user name or name begins so."""

    writes = Scope.MANAGE

    @describe("list_users", gives=pages_of(UserData), query=(word("q", "How the user name or name begins."), *CURSOR))
    def get(self, request: Request) -> Response:
        users = User.objects.filter(is_active=True)
        start = query.words(request.query_params, "q")
        if start:
            users = users.filter(Q(username_key__startswith=names.key(start)) | Q(name__istartswith=start))
        return page(request, users, "username_key", users_data)

    @describe("create_user", body=UserBody, gives=UserData, status=201, refusals=(409,))
    def post(self, request: Request) -> Response:
        fields = self.body(UserBody).given()
        user = writer.perform(people.create_user, actor=self.me, **fields)
        return Response(user_data(user), status=201)


class OneUser(View):
    """Disabled ones, too: what they said names them."""

    @describe("get_user", gives=UserData)
    def get(self, request: Request, user_id: int) -> Response:
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise NotFound("there is no such user")
        return Response(user_data(user))

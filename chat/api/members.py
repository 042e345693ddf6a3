"""Who is in a room."""

from django.db.models import Q
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View, nothing
from chat.api.body import Body, id_in
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.fields import Id, Role
from chat.api.paging import page
from chat.api.shapes import MemberData, member_in, members_data
from chat.models import Membership, names
from chat.operations import checking, membership
from chat.protocol.scopes import Scope
from chat.streams import writer


class NewMemberBody(Body):
    user: Id
    role: Role = Membership.Role.MEMBER.value


class RoleBody(Body):
    role: Role


class Members(View):
    """In the order in which they came. Whoever sees the room may know who is in it."""

    writes = Scope.MANAGE

    @describe("list_members", gives=pages_of(MemberData), query=(word("q", "How one of their names begins."), *CURSOR))
    def get(self, request: Request, room_id: int) -> Response:
        room = checking.room_of(self.me, room_id)
        members = Membership.objects.live().filter(room=room).select_related("user")
        start = query.words(request.query_params, "q")
        if start:
            members = members.filter(
                Q(user__username_key__startswith=names.key(start))
                | Q(user__name__istartswith=start)
                | Q(user__name__icontains=f" {start}")
            )
        return page(request, members, "pk", members_data)

    @describe("add_member", body=NewMemberBody, gives=MemberData, status=(200, 201), refusals=(409,))
    def post(self, request: Request, room_id: int) -> Response:
        """201, or 200 for somebody who is in already, whose role stays what it is."""
        body = self.body(NewMemberBody)
        user_id = id_in("user", body.user)
        known = Membership.objects.live().filter(room=room_id, user=user_id).exists()
        writer.perform(membership.add_member, actor=self.me, room_id=room_id, user_id=user_id, role=body.role)
        return Response(member_in(room_id, user_id), status=200 if known else 201)


class OneMember(View):
    writes = Scope.MANAGE

    @describe("change_role", body=RoleBody, gives=MemberData, refusals=(409,))
    def patch(self, request: Request, room_id: int, user_id: int) -> Response:
        role = self.body(RoleBody).role
        writer.perform(membership.change_role, actor=self.me, room_id=room_id, user_id=user_id, role=role)
        return Response(member_in(room_id, user_id))

    @describe("remove_member", status=204, refusals=(409,))
    def delete(self, request: Request, room_id: int, user_id: int) -> HttpResponse:
        writer.perform(membership.remove_member, actor=self.me, room_id=room_id, user_id=user_id)
        return nothing()

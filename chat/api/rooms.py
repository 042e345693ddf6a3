"""Rooms: found, made, changed, entered, left, read."""

from typing import Annotated

from django.db.models import Q
from django.http import HttpResponse
from msgspec import UNSET, Meta, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View, nothing
from chat.api.body import Body, id_in
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.fields import Id, Kind, MaybeName, Name, Posting, SlowSeconds, Topic
from chat.api.paging import page
from chat.api.shapes import RoomAnswer, room_as_seen, rooms_as_seen
from chat.models import Room, User
from chat.operations import checking, membership, rooms, threads
from chat.protocol.errors import BadRequest
from chat.protocol.scopes import Scope
from chat.streams import writer


class NewRoomBody(Body):
    """`members` are ids of people who are in from the start; of a direct room it is the other one."""

    kind: Kind
    name: MaybeName = ""
    topic: Topic = ""
    members: list[Id] = []


class RoomBody(Body):
    name: Name | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    posting: Posting | UnsetType = UNSET
    slow_seconds: SlowSeconds | UnsetType = UNSET
    previews: bool | UnsetType = UNSET


class ReadBody(Body):
    """`unread`: the read position may move back, too. `thread`: the one in the thread of this message."""

    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    unread: bool = False
    thread: Id | None = None


FILTERS = (
    word("member", "Only rooms that one is in, or is not.", ("true", "false")),
    word("archived", "Only rooms that are archived, or are not.", ("true", "false")),
    word("kind", "Only rooms of this kind.", [kind.value for kind in Room.Kind]),
    word("q", "How the name begins."),
    *CURSOR,
)


class Rooms(View):
    """Open rooms and one's own, or those among them that the filters keep."""

    writes = Scope.MANAGE

    @describe("list_rooms", gives=pages_of(RoomAnswer), query=FILTERS)
    def get(self, request: Request) -> Response:
        visible = Room.objects.visible_to(self.me).select_related("stream").filter(_wanted(self.me, request))
        return page(request, visible, "pk", lambda found: rooms_as_seen(self.me, found))

    @describe("create_room", body=NewRoomBody, gives=RoomAnswer, status=(200, 201), refusals=(404, 409))
    def post(self, request: Request) -> Response:
        body = self.body(NewRoomBody)
        members = [id_in("members", text) for text in body.members]
        if body.kind == Room.Kind.DIRECT:
            return self._direct(body, members)
        room = writer.perform(
            rooms.create_room, actor=self.me, name=body.name, kind=body.kind, members=members, topic=body.topic
        )
        return Response(room_as_seen(self.me, room.pk), status=201)

    def _direct(self, body: NewRoomBody, members: list[int]) -> Response:
        if len(members) != 1:
            raise BadRequest("a direct room has exactly one other member", field="members")
        for field in ("name", "topic"):
            if getattr(body, field):
                raise BadRequest(f"a direct room has no {field}", field=field)
        (other,) = rooms.people(members)
        known = Room.objects.filter(direct_key=Room.direct_key_of(self.me.pk, other.pk)).exists()
        room = writer.perform(rooms.open_direct, actor=self.me, other=other)
        return Response(room_as_seen(self.me, room.pk), status=200 if known else 201)


class OneRoom(View):
    writes = Scope.MANAGE

    @describe("get_room", gives=RoomAnswer)
    def get(self, request: Request, room_id: int) -> Response:
        checking.room_of(self.me, room_id)
        return Response(room_as_seen(self.me, room_id))

    @describe("update_room", body=RoomBody, gives=RoomAnswer, refusals=(409,))
    def patch(self, request: Request, room_id: int) -> Response:
        changes = self.body(RoomBody).given()
        writer.perform(rooms.update_room, actor=self.me, room_id=room_id, **changes)
        return Response(room_as_seen(self.me, room_id))


class Join(View):
    @describe("join_room", gives=RoomAnswer, refusals=(409,))
    def post(self, request: Request, room_id: int) -> Response:
        writer.perform(membership.join_room, actor=self.me, room_id=room_id)
        return Response(room_as_seen(self.me, room_id))


class Leave(View):
    @describe("leave_room", status=204, refusals=(409,))
    def post(self, request: Request, room_id: int) -> HttpResponse:
        writer.perform(membership.leave_room, actor=self.me, room_id=room_id)
        return nothing()


class Read(View):
    @describe("read_room", body=ReadBody, status=204)
    def put(self, request: Request, room_id: int) -> HttpResponse:
        body = self.body(ReadBody)
        if body.thread is None:
            membership.mark_read(user=self.me, room_id=room_id, seq=body.seq, unread=body.unread)
        else:
            writer.perform(
                threads.read_thread,
                actor=self.me,
                room_id=room_id,
                message_id=id_in("thread", body.thread),
                seq=body.seq,
                unread=body.unread,
            )
        return nothing()


def _wanted(user: User, request: Request) -> Q:
    """What the query asks for. Raises BadRequest."""
    asked = request.query_params
    wanted = Q()
    if member := query.choice(asked, "member", ("true", "false")):
        mine = Q(pk__in=Room.objects.of_member(user).values("pk"))
        wanted &= mine if member == "true" else ~mine
    if archived := query.choice(asked, "archived", ("true", "false")):
        wanted &= Q(archived_at__isnull=archived == "false")
    if kind := query.choice(asked, "kind", [each.value for each in Room.Kind]):
        wanted &= Q(kind=kind)
    if start := query.words(asked, "q"):
        wanted &= Q(name__istartswith=start)
    return wanted

"""Outgoing webhooks of a room, for those who moderate it."""

from typing import Annotated

from django.http import HttpResponse
from msgspec import UNSET, Meta, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View, nothing
from chat.api.body import Body
from chat.api.describing import describe, list_of
from chat.api.fields import RoomEvents, Url
from chat.api.shapes import DeliveryData, MadeOutgoingHook, OutgoingHookData, delivery_data, outgoing_hook_data
from chat.operations import checking, outgoing
from chat.protocol.scopes import Scope
from chat.streams import writer

SHOWN = 100


class NewOutgoingHookBody(Body):
    """Without `events` it gets all of the room."""

    url: Url
    events: RoomEvents = []


class OutgoingHookBody(Body):
    url: Url | UnsetType = UNSET
    events: RoomEvents | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class RedeliverBody(Body):
    seq: Annotated[int, Meta(ge=1, le=query.MAX_SEQ)]


class _Hooks(View):
    reads = writes = Scope.MANAGE


class OutgoingHooks(_Hooks):
    @describe("list_outgoing_hooks", gives=list_of(OutgoingHookData))
    def get(self, request: Request, room_id: int) -> Response:
        """Where the events of the room are sent to, and how that goes."""
        checking.moderated(self.me, room_id)
        return Response({"results": [outgoing_hook_data(hook) for hook in outgoing.hooks_of(room_id)]})

    @describe("create_outgoing_hook", body=NewOutgoingHookBody, gives=MadeOutgoingHook, status=201, refusals=(409,))
    def post(self, request: Request, room_id: int) -> Response:
        """201 with `secret`, by which you tell what comes from here; it is shown this once."""
        fields = self.body(NewOutgoingHookBody).given()
        hook = writer.perform(outgoing.create_hook, actor=self.me, room_id=room_id, **fields)
        return Response(outgoing_hook_data(hook, secret=hook.secret), status=201)


class OneOutgoingHook(_Hooks):
    @describe("get_outgoing_hook", gives=OutgoingHookData)
    def get(self, request: Request, room_id: int, hook_id: int) -> Response:
        return Response(outgoing_hook_data(outgoing.hook_of(self.me, room_id, hook_id)))

    @describe("update_outgoing_hook", body=OutgoingHookBody, gives=OutgoingHookData)
    def patch(self, request: Request, room_id: int, hook_id: int) -> Response:
        """Enabled again, it goes on where it stopped."""
        changes = self.body(OutgoingHookBody).given()
        hook = writer.perform(outgoing.update_hook, actor=self.me, room_id=room_id, hook_id=hook_id, **changes)
        return Response(outgoing_hook_data(hook))

    @describe("delete_outgoing_hook", status=204)
    def delete(self, request: Request, room_id: int, hook_id: int) -> HttpResponse:
        writer.perform(outgoing.delete_hook, actor=self.me, room_id=room_id, hook_id=hook_id)
        return nothing()


class Deliveries(_Hooks):
    @describe("list_deliveries", gives=list_of(DeliveryData))
    def get(self, request: Request, room_id: int, hook_id: int) -> Response:
        """The last tries, newest first."""
        hook = outgoing.hook_of(self.me, room_id, hook_id)
        return Response({"results": [delivery_data(each) for each in hook.deliveries.order_by("-pk")[:SHOWN]]})


class Redeliver(_Hooks):
    @describe("redeliver", body=RedeliverBody, gives=OutgoingHookData)
    def post(self, request: Request, room_id: int, hook_id: int) -> Response:
        """Sends the event with this number again, and all that came after it."""
        seq = self.body(RedeliverBody).seq
        hook = writer.perform(outgoing.redeliver, actor=self.me, room_id=room_id, hook_id=hook_id, seq=seq)
        return Response(outgoing_hook_data(hook))

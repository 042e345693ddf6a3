"""Messages that a room keeps at hand, and those that one keeps for oneself."""

from collections.abc import Sequence

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View, nothing
from chat.api.describing import CURSOR, describe, list_of, pages_of
from chat.api.paging import page
from chat.api.shapes import one_message
from chat.models import Bookmark, Message
from chat.operations import checking, pins
from chat.operations.wire import messages_data
from chat.protocol.events import MessageData
from chat.protocol.values import format_time
from chat.streams import writer


class BookmarkData(msgspec.Struct, frozen=True):
    """A message that one keeps at hand, and since when."""

    message: MessageData
    created_at: str


class Pin(View):
    """Both ways may be gone more than once."""

    @describe("pin_message", gives=MessageData)
    def put(self, request: Request, message_id: int) -> Response:
        writer.perform(pins.pin_message, actor=self.me, message_id=message_id, on=True)
        return Response(one_message(message_id))

    @describe("unpin_message", status=204)
    def delete(self, request: Request, message_id: int) -> HttpResponse:
        writer.perform(pins.pin_message, actor=self.me, message_id=message_id, on=False)
        return nothing()


class Pins(View):
    @describe("list_pins", gives=list_of(MessageData))
    def get(self, request: Request, room_id: int) -> Response:
        """The pinned messages of a room, the last pinned first."""
        room = checking.room_of(self.me, room_id)
        checking.membership_of(self.me, room)
        found = Message.objects.pinned_in(room.pk).select_related("sender")
        return Response({"results": messages_data(list(found))})


class OneBookmark(View):
    """Both ways may be gone more than once."""

    @describe("add_bookmark", status=204)
    def put(self, request: Request, message_id: int) -> HttpResponse:
        writer.perform(pins.bookmark_message, actor=self.me, message_id=message_id, on=True)
        return nothing()

    @describe("remove_bookmark", status=204)
    def delete(self, request: Request, message_id: int) -> HttpResponse:
        writer.perform(pins.bookmark_message, actor=self.me, message_id=message_id, on=False)
        return nothing()


class Bookmarks(View):
    @describe("list_bookmarks", gives=pages_of(BookmarkData), query=CURSOR)
    def get(self, request: Request) -> Response:
        """One's own, the last first, as far as one may still see them."""
        rows = Bookmark.objects.of(self.me).select_related("message__sender")
        return page(request, rows, "-pk", _bookmarks)


def _bookmarks(found: Sequence[Bookmark]) -> list[BookmarkData]:
    messages = messages_data([row.message for row in found])
    return [BookmarkData(data, format_time(row.created_at)) for row, data in zip(found, messages, strict=True)]

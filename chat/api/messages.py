"""What was said: read in pages, posted, changed."""

import uuid
from typing import Annotated

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import conditional, query
from chat.api.base import View, nothing
from chat.api.body import Body, maybe_id_in
from chat.api.describing import describe, number, word
from chat.api.fields import Id, MaybeWords, Words
from chat.api.history import MAX_PAGE, Place, history
from chat.api.shapes import MessagePage, one_message
from chat.operations import checking, messages, posting
from chat.operations.wire import messages_data
from chat.protocol.events import MessageData
from chat.protocol.limits import ATTACHMENTS
from chat.streams import writer


class PostBody(Body):
    """`id` is the client's: the same one is sent again until it is answered."""

    id: uuid.UUID
    body: MaybeWords
    reply_to: Id | None = None
    thread: Id | None = None
    attachments: Annotated[list[uuid.UUID], msgspec.Meta(max_length=ATTACHMENTS)] = []


class EditBody(Body):
    body: Words


PLACE = (
    number("before", "Messages whose number is less.", 0, query.MAX_SEQ),
    number("after", "Messages whose number is greater, from there on.", 0, query.MAX_SEQ),
    number("around", "Messages on both sides of this number.", 0, query.MAX_SEQ),
    number("limit", "How many at most.", 1, MAX_PAGE),
    word("thread", "The id of a message: the replies in its thread. `none`: what stands in the room itself."),
)


class Messages(View):
    """A page of the history, newest last; without a place its end. One of `before`, `after`, `around` may be given."""

    @describe("list_messages", gives=MessagePage, query=PLACE, status=(200, 304))
    def get(self, request: Request, room_id: int) -> HttpResponse:
        return conditional.answer(self.plain_request, history(self.me, room_id, Place.of(request.query_params)))

    @describe("post_message", body=PostBody, gives=MessageData, status=(200, 201), refusals=(409,))
    def post(self, request: Request, room_id: int) -> Response:
        body = self.body(PostBody)
        posted = posting.post_message(
            sender=self.me,
            room_id=room_id,
            client_id=body.id,
            body=body.body,
            reply_to=maybe_id_in("reply_to", body.reply_to),
            thread=maybe_id_in("thread", body.thread),
            attachments=checking.attachments([str(each) for each in body.attachments]),
        )
        return Response(one_message(posted.message_id), status=200 if posted.repeated else 201)


class OneMessage(View):
    @describe("get_message", gives=MessageData)
    def get(self, request: Request, message_id: int) -> Response:
        return Response(messages_data([checking.message_of(self.me, message_id)])[0])

    @describe("edit_message", body=EditBody, gives=MessageData, refusals=(409,))
    def patch(self, request: Request, message_id: int) -> Response:
        body = self.body(EditBody).body
        rendered = messages.rendered(body)
        writer.perform(messages.edit_message, actor=self.me, message_id=message_id, body=body, rendered=rendered)
        return Response(one_message(message_id))

    @describe("delete_message", status=204, refusals=(409,))
    def delete(self, request: Request, message_id: int) -> HttpResponse:
        writer.perform(messages.delete_message, actor=self.me, message_id=message_id)
        return nothing()

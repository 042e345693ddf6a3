"""Threads that one follows. What is said in them is read like the rest of the room's messages."""

from typing import Any

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import query
from chat.api.base import View
from chat.api.body import Body
from chat.api.describing import CURSOR, describe, pages_of, word
from chat.api.paging import page
from chat.models import ThreadFollower
from chat.operations import threads
from chat.operations.wire import messages_data
from chat.protocol.events import MessageData
from chat.streams import writer


class ThreadData(msgspec.Struct, frozen=True):
    """A thread as one of its followers has it. `unread` and `mentions` are counted at `seq` of the room's stream."""

    root: MessageData
    following: bool
    seq: int
    read_seq: int
    unread: int
    mentions: int


class FollowBody(Body):
    following: bool


FILTERS = (word("unread", "Only those with unread replies, or without.", ("true", "false")), *CURSOR)


class Threads(View):
    """The threads that one follows."""

    @describe("list_threads", gives=pages_of(ThreadData), query=FILTERS)
    def get(self, request: Request) -> Response:
        rows = _shown(ThreadFollower.objects.of_member(self.me))
        if unread := query.choice(request.query_params, "unread", ("true", "false")):
            rows = rows.filter(unread__gt=0) if unread == "true" else rows.filter(unread=0)
        return page(request, rows, "-pk", lambda found: [_data(row) for row in found])


class OneThread(View):
    """The thread of a message, also while it has no replies."""

    @describe("get_thread", gives=ThreadData)
    def get(self, request: Request, message_id: int) -> Response:
        return Response(self._thread(message_id))

    @describe("follow_thread", body=FollowBody, gives=ThreadData)
    def patch(self, request: Request, message_id: int) -> Response:
        writer.perform(threads.follow_thread, actor=self.me, message_id=message_id, on=self.body(FollowBody).following)
        return Response(self._thread(message_id))

    def _thread(self, message_id: int) -> ThreadData:
        root = threads.root_of(self.me, message_id)
        row = _shown(ThreadFollower.objects.filter(user=self.me, root=root)).first()
        if row is not None:
            return _data(row)
        (data,) = messages_data([root])
        return ThreadData(data, following=False, seq=root.room.stream.head, read_seq=0, unread=0, mentions=0)


def _shown(rows: Any) -> Any:
    return rows.with_unread().select_related("root__sender", "root__room__stream")


def _data(row: Any) -> ThreadData:
    (root,) = messages_data([row.root])
    return ThreadData(root, row.following, row.root.room.stream.head, row.read_seq, row.unread, row.mentions)

"""The socket's protocol over HTTP, for the document: `chat.realtime.http` serves it, before Django is asked."""

from typing import Any

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View
from chat.api.describing import describe
from chat.protocol.carried import PollBody, ResumeBody
from chat.protocol.commands import OPS
from chat.protocol.errors import NotFound


class FramesData(msgspec.Struct, frozen=True):
    """Frames as on a socket: `hello`, what lies after the cursors, `ready`, and what came next."""

    frames: list[dict[str, Any]]


class _Carried(View):
    def _elsewhere(self) -> Response:
        raise NotFound("this server answers here only through ASGI")


class Stream(_Carried):
    @describe("open_stream", body=ResumeBody, media="text/event-stream")
    def post(self, request: Request) -> Response:
        """Server-sent events: each frame of the socket as the `data` of one event. It does not end by itself."""
        return self._elsewhere()


class Poll(_Carried):
    @describe("poll", body=PollBody, gives=FramesData)
    def post(self, request: Request) -> Response:
        """What a stream would bring, in portions: at once what lies after the cursors, else what comes next."""
        return self._elsewhere()


class Commands(_Carried):
    @describe("send_commands", commands=tuple(sorted(OPS - {"resume", "auth"})))
    def post(self, request: Request) -> Response:
        """One command of the socket or a list of them; the answers in the same order. See the socket's document."""
        return self._elsewhere()

"""Incoming webhooks: `POST /hooks/<secret>` with `{"text"}` or what is sent to Slack's; and who makes them."""

import uuid
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import MethodNotAllowed, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api import errors
from chat.api.base import View, keep_private, nothing
from chat.api.body import Body
from chat.api.describing import describe, list_of
from chat.api.fields import Name
from chat.api.shapes import HookData, MadeHook, hook_data, made_hook
from chat.operations import checking, incoming, throttling
from chat.operations.slack.payload import body_of
from chat.protocol import faults
from chat.protocol.errors import BadRequest, NotFound, Refused, TooLarge
from chat.protocol.faults import NotAnObject
from chat.protocol.limits import FRAME_BYTES
from chat.protocol.scopes import Scope
from chat.streams import writer

FORM: Final = "application/x-www-form-urlencoded"
KEYS: Final = uuid.UUID("6f0f9d1e-52f3-4a53-9ce0-0d7d5b7b6a8e")
"""Names the ids of messages that come with an Idempotency-Key."""


class NewHookBody(Body):
    name: Name


class Hooks(View):
    """The URLs by which other programs post into the room, for those who moderate it."""

    reads = writes = Scope.MANAGE

    @describe("list_incoming_hooks", gives=list_of(HookData))
    def get(self, request: Request, room_id: int) -> Response:
        checking.moderated(self.me, room_id)
        return Response({"results": [hook_data(hook) for hook in incoming.hooks_of(room_id)]})

    @describe("create_incoming_hook", body=NewHookBody, gives=MadeHook, status=201, refusals=(409,))
    def post(self, request: Request, room_id: int) -> Response:
        """201 with `url`, which is shown this once. What comes by it is said by a bot of that name."""
        name = self.body(NewHookBody).name
        hook, secret = writer.perform(incoming.create_hook, actor=self.me, room_id=room_id, name=name)
        return Response(made_hook(hook, self.plain_request.build_absolute_uri(f"/hooks/{secret}")), status=201)


class OneHook(View):
    writes = Scope.MANAGE

    @describe("revoke_incoming_hook", status=204)
    def delete(self, request: Request, room_id: int, hook_id: int) -> HttpResponse:
        """Nothing comes by it any more, and its bot leaves the room."""
        writer.perform(incoming.revoke_hook, actor=self.me, room_id=room_id, hook_id=hook_id)
        return nothing()


@csrf_exempt
def hook(request: HttpRequest, secret: str) -> HttpResponseBase:
    """`ok`, as Slack says it. The same Idempotency-Key again posts nothing."""
    try:
        if request.method != "POST":
            raise MethodNotAllowed(str(request.method))
        _post(request, secret)
        answer = HttpResponse("ok", content_type="text/plain")
    except Exception as error:
        refused = errors.handle(error)
        if refused is None:
            raise
        answer = refused
    return keep_private(answer)


def _post(request: HttpRequest, secret: str) -> None:
    payload = _payload(request)
    key = request.headers.get("Idempotency-Key", "")
    client_id = uuid.uuid5(KEYS, f"{secret} {key}") if key else None
    try:
        incoming.post_by_hook(secret=secret, body=body_of(payload), client_id=client_id)
    except NotFound:
        throttling.PER_ADDRESS.count(throttling.address_of(request))
        raise
    except Refused as refused:
        if refused.field == "body":
            refused.field = "text"
        raise


def _payload(request: HttpRequest) -> dict[str, Any]:
    """A JSON object: the body, or the field `payload` of a form."""
    raw = request.read(FRAME_BYTES + 1)
    if len(raw) > FRAME_BYTES:
        raise TooLarge(f"a body has at most {FRAME_BYTES:,} bytes")
    if request.content_type == FORM:
        raw = QueryDict(raw, encoding="utf-8").get("payload", "").encode("utf-8", "surrogatepass")
    elif request.content_type not in ("application/json", "text/plain", ""):
        raise UnsupportedMediaType(request.content_type or "nothing", "send JSON")
    try:
        return faults.read(raw)
    except NotAnObject as reason:
        raise BadRequest(f"the body is {reason}") from None

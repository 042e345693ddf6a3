"""Django behind ASGI, with one way into a thread and one way back for each request."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache, partial
from typing import Any, Final, cast

from asgiref.sync import ThreadSensitiveContext, iscoroutinefunction
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, set_script_prefix

THREADS: Final = 16
_threads: Final = ThreadPoolExecutor(THREADS, thread_name_prefix="page")


class Handler(ASGIHandler):
    """Asynchronous views go Django's own way. Everything else is answered by one call in a thread, middleware included.

    Django's handler crosses to a thread and back for each synchronous middleware, view and signal: a dozen times. It
    also starts a thread for each request, and with it a new connection to the database; these threads keep theirs.
    """

    def __init__(self) -> None:
        super().__init__()
        self._synchronous = BaseHandler()
        self._synchronous.load_middleware()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if _is_asynchronous(scope["path"].removeprefix(scope.get("root_path", ""))):
            await super().__call__(scope, receive, send)
            return
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await _in_thread(self._answer, scope, body)
        if response.streaming:
            async with ThreadSensitiveContext():
                await self.send_response(response, send)
            await _in_thread(response.close)
        else:
            await self.send_response(response, send)

    def _answer(self, scope: dict[str, Any], body: Any) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        with body:
            request, refused = self.create_request(scope, body)
            response: Any = self._synchronous.get_response(request) if request is not None else refused
            response._handler_class = type(self)
            if response.status_code == 304:
                # Django tells of 0 bytes, but it would have to be as many as of a 200 (RFC 9110, section 8.6).
                del response["Content-Length"]
            if not response.streaming:
                response.close()
        return cast(HttpResponseBase, response)


async def _in_thread(function: Any, *args: Any) -> Any:
    """In a copy of the caller's context, and what is set there is set here, as `sync_to_async` has it."""
    context = copy_context()
    result = await asyncio.get_running_loop().run_in_executor(_threads, partial(context.run, function, *args))
    for variable, value in context.items():
        if variable.get(None) is not value:
            variable.set(value)
    return result


@lru_cache(maxsize=256)
def _is_asynchronous(path: str) -> bool:
    """Whether the view at `path` waits in the event loop."""
    try:
        return iscoroutinefunction(resolve(path).func)
    except Resolver404:
        return False

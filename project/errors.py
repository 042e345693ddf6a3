"""What Django answers when no view does: JSON below /api/, else its pages from templates/."""

import sys
from collections.abc import Callable
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import loader
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from chat.api import errors

API: Final = "/api/"


def _unless_api(page: Callable[..., HttpResponseBase], status: int, detail: str) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.path.startswith(API):
            return errors.response(status, errors.CODES[status], detail)
        return page(request, *args, **kwargs)

    return answer


bad_request = _unless_api(defaults.bad_request, 400, "the request cannot be read")
permission_denied = _unless_api(defaults.permission_denied, 403, "you may not do this")
not_found = _unless_api(defaults.page_not_found, 404, "there is nothing here")
_broken = _unless_api(defaults.server_error, 500, "this went wrong on the server")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Called while what went wrong is handled: a database that is away is no fault, and passes."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _broken(request)
    if request.path.startswith(API):
        answer = errors.response(503, errors.CODES[503], "the database is away")
    else:
        # Without the request: whoever it is from stands in the database.
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
    answer["Retry-After"] = "1"
    return answer


@csrf_exempt
def upgrade_required(request: HttpRequest) -> HttpResponseBase:
    """For plain HTTP at the socket's address (RFC 9110, section 15.5.22)."""
    response = errors.response(426, "upgrade_required", "this address speaks the WebSocket protocol")
    response.headers["Upgrade"] = "websocket"
    return response


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponseBase:
    """For what is left below /api/: without it a missing slash would answer a POST with a redirect to a GET."""
    detail = "there is nothing here" if request.path.endswith("/") else "there is nothing here: addresses end with a /"
    return errors.response(404, errors.CODES[404], detail)

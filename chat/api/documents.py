"""What the API is, for programs and for those who write them: OpenAPI, AsyncAPI, and a page of each."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from chat.api.socket_page import shown
from chat.protocol.asyncapi import document


@cache
def openapi() -> bytes:
    from drf_spectacular.generators import SchemaGenerator  # whom few processes are ever asked for

    return msgspec.json.encode(SchemaGenerator().get_schema(request=None, public=True))


@cache
def asyncapi() -> bytes:
    return msgspec.json.encode(document())


@cache
def _etag(make: Callable[[], bytes]) -> str:
    return f'"{sha256(make()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=lambda request: _etag(openapi))
def schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(openapi(), content_type="application/vnd.oai.openapi+json; version=3.1")


@require_safe
@condition(etag_func=lambda request: _etag(asyncapi))
def socket_schema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(asyncapi(), content_type="application/vnd.aai.asyncapi+json; version=3.0")


@require_safe
def http_page(request: HttpRequest) -> HttpResponse:
    """Swagger UI, from our own host."""
    return render(request, "docs/http.html", {"place": "http"})


@require_safe
def socket_page(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/socket.html", {"place": "socket", "socket": shown(document())})

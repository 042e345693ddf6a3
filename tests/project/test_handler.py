"""Django behind ASGI: which thread answers, and what stays in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from pytest_django import Settings

from project.handler import THREADS, Handler

together = threading.Barrier(2)


def synchronous(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{threading.current_thread().name} {request.path_info}")


async def asynchronous(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


def two_at_once(request: HttpRequest) -> HttpResponse:
    together.wait(timeout=10)
    return HttpResponse()


def unchanged(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": '"1"'})


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"one ", b"two ", b"three"):
            yield piece

    return StreamingHttpResponse(pieces())


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def zone(request: HttpRequest) -> HttpResponse:
    name = timezone.get_current_timezone_name()
    timezone.activate("Asia/Tokyo")
    return HttpResponse(name)


def database(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return HttpResponse(f"{threading.get_ident()} {id(connection.connection)}")


urlpatterns = [
    path("synchronous/", synchronous),
    path("asynchronous/", asynchronous),
    path("two-at-once/", two_at_once),
    path("echo/", echo),
    path("unchanged/", unchanged),
    path("streamed/", streamed),
    path("broken/", broken),
    path("zone/", zone),
    path("database/", database),
]
handler500 = "project.errors.server_error"


@pytest.fixture
def handler(settings: Settings) -> Handler:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Csrf" not in each]
    settings.ALLOWED_HOSTS = ["*"]
    return Handler()


def scope_of(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}


async def ask(handler: Handler, path: str, body: bytes = b"", **scope: Any) -> tuple[int, str]:
    """Status and text of the answer."""
    asked = ApplicationCommunicator(handler, scope_of("POST" if body else "GET", path) | scope)
    await asked.send_input({"type": "http.request", "body": body[:3], "more_body": True})
    await asked.send_input({"type": "http.request", "body": body[3:]})
    start = await asked.receive_output(10)
    text, more = b"", True
    while more:
        piece = await asked.receive_output(10)
        text += piece.get("body", b"")
        more = piece.get("more_body", False)
    await asked.wait(10)
    return start["status"], text.decode()


async def test_a_synchronous_view_is_answered_in_one_of_the_threads_that_stay(handler: Handler) -> None:
    for status, text in [await ask(handler, "/synchronous/") for _ in range(5)]:
        assert (status, text.startswith("page")) == (200, True)


async def test_an_asynchronous_view_stays_in_the_event_loop(handler: Handler) -> None:
    assert await ask(handler, "/asynchronous/") == (200, threading.current_thread().name)


async def test_requests_are_answered_side_by_side(handler: Handler) -> None:
    answers = await asyncio.gather(*(ask(handler, "/two-at-once/") for _ in range(2)))
    assert [status for status, _ in answers] == [200, 200]


async def test_however_many_ask_the_threads_are_few(handler: Handler) -> None:
    answers = await asyncio.gather(*(ask(handler, "/synchronous/") for _ in range(10 * THREADS)))
    assert len({text for _, text in answers}) <= THREADS


async def test_a_view_reads_the_whole_body(handler: Handler) -> None:
    assert await ask(handler, "/echo/", b"in two pieces") == (200, "in two pieces")


async def test_an_answer_without_a_body_does_not_tell_the_length_of_another(handler: Handler) -> None:
    asked = ApplicationCommunicator(handler, scope_of("GET", "/unchanged/"))
    await asked.send_input({"type": "http.request"})
    start = await asked.receive_output(10)
    names = [name.lower() for name, _ in start["headers"]]
    assert (start["status"], b"etag" in names, b"content-length" in names) == (304, True, False)
    await asked.receive_output(10)
    await asked.wait(10)


async def test_a_streamed_answer_comes_whole(handler: Handler) -> None:
    assert await ask(handler, "/streamed/") == (200, "one two three")


async def test_a_view_that_breaks_is_a_500_and_harms_nobody_else(handler: Handler) -> None:
    assert (await ask(handler, "/broken/"))[0] == 500
    assert (await ask(handler, "/synchronous/"))[0] == 200


async def test_an_address_of_nothing_is_a_404(handler: Handler) -> None:
    assert (await ask(handler, "/nowhere/"))[0] == 404


async def test_below_a_prefix_the_path_is_the_rest(handler: Handler) -> None:
    status, text = await ask(handler, "/chat/synchronous/", root_path="/chat")
    assert (status, text.split()[-1]) == (200, "/synchronous/")
    assert (await ask(handler, "/chat/asynchronous/", root_path="/chat"))[1] == threading.current_thread().name


async def test_what_a_request_activates_ends_with_it(handler: Handler) -> None:
    assert [await ask(handler, "/zone/") for _ in range(2)] == [(200, "UTC")] * 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's connections go back to their pool")
async def test_a_thread_keeps_its_connection_to_sqlite(handler: Handler) -> None:
    seen = {text for _, text in [await ask(handler, "/database/") for _ in range(20)]}
    assert len(seen) == len({text.split()[0] for text in seen}) < 20

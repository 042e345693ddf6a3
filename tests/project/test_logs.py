"""No log line opens a door."""

from __future__ import annotations

import logging

import pytest

from project.logs import AccessFormatter, Formatter, all_but_access, only_access, redact

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMyJ9.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ('"GET /invite/Xy3-9_k/ HTTP/1.1" 200', '"GET /invite/…/ HTTP/1.1" 200'),
        ("GET /password/reset/MQ/c4f-abc/", "GET /password/reset/…/"),
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer …"),
        (f"parley.v1, bearer.{TOKEN}", "parley.v1, bearer.…"),
        (f"bad token {TOKEN}!", "bad token …!"),
        ("GET /rooms/general/ 200", "GET /rooms/general/ 200"),
        ("GET /password/reset/ 200", "GET /password/reset/ 200"),
    ],
)
def test_secrets_are_cut_out(line: str, logged: str) -> None:
    assert redact(line) == logged


def record(name: str, message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, __file__, 1, message, args, None)


def test_access_lines_have_no_query_string() -> None:
    http = record("uvicorn.access", '%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "GET", "/a/?q=secret", "1.1", 200)
    assert AccessFormatter().format(http).endswith(' 1.2.3.4:5 - "GET /a/ HTTP/1.1" 200')
    socket = record("uvicorn.error", '%s - "WebSocket %s" [accepted]', "1.2.3.4:5", "/ws/?token=secret")
    assert AccessFormatter().format(socket).endswith(' 1.2.3.4:5 - "WebSocket /ws/" [accepted]')
    assert only_access(http) and only_access(socket) and not all_but_access(http) and not all_but_access(socket)


def test_tracebacks_are_redacted_too() -> None:
    try:
        raise ValueError(f"Bearer {TOKEN}")
    except ValueError as error:
        line = logging.LogRecord("chat", logging.ERROR, __file__, 1, "failed", (), (type(error), error, None))
    assert "Bearer …" in Formatter().format(line)


def test_uvicorns_small_talk_is_left_out() -> None:
    assert not all_but_access(record("uvicorn.error", "Waiting for application startup."))
    assert all_but_access(record("chat.streams", "Repaired"))

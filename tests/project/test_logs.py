"""One line a thing, in which nothing opens a door and nothing is what people wrote."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import subprocess
import sys
from typing import Any

import pytest

from project.logs import Lines, configuration, redact, worth_a_line

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMyJ9.c2lnbmF0dXJl"
SPEAKER = """
import logging, logging.config, sys
import structlog
from project.logs import configuration
logging.config.dictConfig(configuration(sys.argv[1]))
structlog.contextvars.bind_contextvars(connection="c1", user="3")
structlog.stdlib.get_logger("chat").info("socket open", client="192.0.2.1")
logging.getLogger("django").warning("%s is odd", "this")
logging.getLogger("uvicorn.error").info("Waiting for application startup.")
try:
    raise ValueError("Authorization: Bearer TOKEN\\nDETAIL:  Failing row contains (7, good\\nmorning).")
except ValueError:
    structlog.stdlib.get_logger("chat").exception("failed")
""".replace("TOKEN", TOKEN)


@pytest.mark.parametrize(
    ("line", "logged"),
    [
        ("/invite/Xy3-9_k/", "/invite/…/"),
        ("/mail/stop/Mg:1xWv:5heF_w-J/", "/mail/stop/…/"),
        ("/hooks/Xy3-9_k", "/hooks/…"),
        ("a parley_Xy3-9_k here", "a parley_… here"),
        ("/password/reset/MQ/c4f-abc/", "/password/reset/…/"),
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer …"),
        (f"parley.v1, bearer.{TOKEN}", "parley.v1, bearer.…"),
        (f"bad token {TOKEN}!", "bad token …!"),
        ("no\nDETAIL:  Failing row contains (7, hello\n\nDETAIL: and more).\nCONTEXT: x", "no\nDETAIL:…"),
        (
            "no\nDETAIL:  Failing row contains (7, hello\nworld).\n\nThe above exception was …:\n\nno",
            "no\nDETAIL:…\n\nThe above exception was …:\n\nno",
        ),
        ('no\nCONTEXT:  COPY chat_message, line 1: "hello"', "no\nCONTEXT:…"),
        ("/rooms/general/", "/rooms/general/"),
        ("/password/reset/", "/password/reset/"),
    ],
)
def test_secrets_and_rows_are_cut_out(line: str, logged: str) -> None:
    assert redact(line) == logged


def spoken(form: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SPEAKER, form], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_in_production_each_line_is_json_with_its_context() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in spoken("json")]
    assert [line["event"] for line in lines] == ["socket open", "this is odd", "failed"]
    assert {(line["connection"], line["user"]) for line in lines} == {("c1", "3")}
    assert [line["level"] for line in lines] == ["info", "warning", "error"]
    assert lines[0]["client"] == "192.0.2.1" and lines[0]["logger"] == "chat" and lines[0]["time"].endswith("Z")
    assert "Bearer …" in lines[2]["exception"] and "DETAIL:…" in lines[2]["exception"]
    assert TOKEN not in str(lines) and "morning" not in str(lines)


@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), ValueError("I/O operation on closed file")]
)
def test_whoever_logs_goes_on_when_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise failure

    monkeypatch.setattr(sys, "stderr", Full())
    Lines("chat").info("lost")


def test_in_development_they_are_for_people() -> None:
    lines = spoken("text")
    assert "socket open" in lines[0] and "client=192.0.2.1" in lines[0] and "user=3" in lines[0]
    assert "Traceback (most recent call last):" in lines
    assert not any(TOKEN in line or "morning" in line for line in lines)


def test_uvicorns_small_talk_is_left_out() -> None:
    def record(name: str, message: str, level: int = logging.INFO) -> logging.LogRecord:
        return logging.LogRecord(name, level, __file__, 1, message, (), None)

    assert not worth_a_line(record("uvicorn.error", "Waiting for application startup."))
    assert worth_a_line(record("uvicorn.error", "Exception in ASGI application", logging.ERROR))
    assert worth_a_line(record("chat.streams", "Repaired"))


def test_the_configuration_is_one_that_logging_takes() -> None:
    assert configuration("json")["handlers"] == configuration("text")["handlers"]

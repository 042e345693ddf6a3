"""Logging: one readable line a thing, on stderr, and never a token."""

import logging
import re
from typing import Any

# What opens a door for whoever reads the log.
SECRETS = re.compile(
    r"(?P<before>/invite/|/password/reset/|\bbearer[ .])[^\s\"'/,]+(?:/(?=[^\s\"'/])[^\s\"'/,]+)?"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`/invite/Xy3…/` becomes `/invite/…/`, and so with links for a new password and bearer tokens."""
    return SECRETS.sub(lambda found: (found["before"] or "") + "…", text)


class Formatter(logging.Formatter):
    """The last stop of every line, tracebacks included."""

    pattern = "%(asctime)s %(levelname)-7s %(name)s  %(message)s"

    def __init__(self) -> None:
        super().__init__(self.pattern)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class AccessFormatter(Formatter):
    """Of HTTP requests and WebSocket handshakes: `… 127.0.0.1:5124 "GET /rooms/general/" 200`, no query string."""

    pattern = "%(asctime)s %(message)s"

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.args, tuple):
            record = logging.makeLogRecord(record.__dict__)
            record.args = tuple(without_query(part) for part in record.args or ())
        return super().format(record)


def without_query(part: Any) -> Any:
    return part.partition("?")[0] if isinstance(part, str) else part


def is_access(record: logging.LogRecord) -> bool:
    """uvicorn logs handshakes beside its errors, as `%s - "WebSocket %s" …`."""
    return record.name == "uvicorn.access" or '"WebSocket %s"' in str(record.msg)


def only_access(record: logging.LogRecord) -> bool:
    return is_access(record)


def all_but_access(record: logging.LogRecord) -> bool:
    """Without uvicorn's small talk: starting, waiting, started, …"""
    return not is_access(record) and (record.levelno > logging.INFO or not record.name.startswith("uvicorn"))


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Formatter}, "access": {"()": AccessFormatter}},
    "filters": {"access": {"()": lambda: only_access}, "rest": {"()": lambda: all_but_access}},
    "handlers": {
        "line": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["rest"]},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "filters": ["access"]},
    },
    "root": {"level": "INFO", "handlers": ["line", "access"]},
    "loggers": {
        # Django's own handlers would print a second time, or mail.
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        # A wrong Host header is a 400 in the access log; with a traceback each, anybody could fill the disk.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},  # every 404 stands in the access log already
        "django.server": {"level": "INFO", "handlers": [], "propagate": True},
        "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
        "websockets": {"level": "WARNING"},  # tells of each socket that it is open
    },
}

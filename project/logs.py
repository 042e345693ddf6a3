"""Logging by structlog: one line a thing on stderr, as JSON or readable; no token in it, and nothing that people wrote.

Our own lines go straight there: a socket has three of them, and the way through the standard library costs as much as
the rest of opening it. What logs by that (Django, uvicorn) ends in the same lines. Whoever handles a request or a
socket binds its ids to the context (`structlog.contextvars`): every line from within carries them.
"""

import contextlib
import logging
import re
import sys
import threading
from typing import Any, Literal

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Form = Literal["json", "text"]

# What opens a door for whoever reads the log.
SECRETS = re.compile(
    r"(?P<before>/invite/|/hooks/|/password/reset/|/mail/stop/|\bbearer[ .]|\bparley_(?=[\w-]{6}))"
    r"[^\s\"'/,]+(?:/(?=[^\s\"'/])[^\s\"'/,]+)?"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+",
    re.IGNORECASE,
)
# PostgreSQL adds the row that it refuses, in which people's lines stand as they wrote them: all is cut that follows, up
# to the next exception of a chain.
CHAIN = r"\n\n(?:The above exception was|During handling of the above)"
ROWS = re.compile(rf"^(?P<before>(?:DETAIL|CONTEXT):).*?(?={CHAIN}|\Z)", re.MULTILINE | re.DOTALL)


def redact(text: str) -> str:
    """`/invite/Xy3…/` becomes `/invite/…/`, and so with links for a new password, bearer tokens, and stored rows."""
    text = SECRETS.sub(_cut, text)
    return ROWS.sub(_cut, text) if "DETAIL:" in text or "CONTEXT:" in text else text


def _cut(found: re.Match[str]) -> str:
    return (found["before"] or "") + "…"


class Lines:
    """Writes each line to standard error at once, from any thread; `name` is that of who logs.

    What cannot be written, on a full disk or to a pipe that nobody reads any more, is lost: whoever logs goes on.
    """

    _lock = threading.Lock()

    def __init__(self, name: str) -> None:
        self.name = name

    def msg(self, line: str) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def redacted(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The last look at every line, tracebacks included."""
    return {name: redact(value) if isinstance(value, str) else value for name, value in event.items()}


def worth_a_line(record: logging.LogRecord) -> bool:
    """Without uvicorn's small talk: starting, waiting, started, …; of handshakes the consumer tells."""
    return not record.name.startswith("uvicorn") or record.levelno > logging.INFO


def configuration(form: Form) -> dict[str, Any]:
    """The value of LOGGING; structlog is configured here, too."""
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    line: list[Processor] = [
        structlog.processors.format_exc_info,
        redacted,
        *(_as_json() if form == "json" else _as_text()),
    ]
    structlog.configure(
        processors=[*common, *line],
        logger_factory=Lines,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": common,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *line],
            }
        },
        "filters": {"worth_a_line": {"()": lambda: worth_a_line}},
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["worth_a_line"]}},
        "root": {"level": "INFO", "handlers": ["line"]},
        "loggers": {
            # Django's own handlers would print a second time, or mail.
            "django": {"level": "INFO", "handlers": [], "propagate": True},
            # A wrong Host header is a 400 in the log; with a traceback each, anybody could fill the disk.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            "django.request": {"level": "ERROR"},  # every 404 has its line already
            "django.server": {"level": "INFO", "handlers": [], "propagate": True},
            "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
            "websockets": {"level": "WARNING"},  # tells of each socket that it is open
        },
    }


def _as_json() -> list[Processor]:
    return [structlog.processors.JSONRenderer(serializer=_encoded)]


def _encoded(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=str).decode()


def _as_text() -> list[Processor]:
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
        )
    ]

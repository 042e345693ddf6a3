"""Exceptions that nobody expected: each is logged and counted, none ends the process."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError

from chat.streams import metrics

logger = structlog.stdlib.get_logger("parley.uncaught")


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Looks after the loop's callbacks and tasks, after threads, and after Django's views, which log by themselves."""
    loop.set_exception_handler(_in_loop)
    threading.excepthook = _in_thread
    got_request_exception.connect(_in_view)


def _in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    metrics.uncaught.labels("loop").inc()
    what = context.get("task") or context.get("future") or context.get("handle")
    logger.error(context["message"], exc_info=context.get("exception"), what=repr(what))


def _in_thread(hook: threading.ExceptHookArgs) -> None:
    metrics.uncaught.labels("thread").inc()
    error = hook.exc_value
    logger.error("a thread has ended", thread=getattr(hook.thread, "name", None), exc_info=error)


def _in_view(**_: Any) -> None:
    if isinstance(sys.exception(), DatabaseError | InterfaceError):
        metrics.database_errors.inc()
    else:
        metrics.uncaught.labels("request").inc()

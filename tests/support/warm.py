"""Furnishes casts from one process that has loaded the libraries: to start Python anew for each takes a second.

A fork of it reads its own environment, and settings by it, as a process of its own would.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import subprocess
import sys
import threading

LIBRARIES = [
    "channels.layers",
    "confusable_homoglyphs.confusables",
    "cryptography.hazmat.primitives.hashes",
    "django.contrib.auth.hashers",
    "django.contrib.postgres.fields",
    "django.contrib.sessions.backends.base",
    "django.core.management",
    "django.db.models",
    "django.db.migrations.executor",
    "django.forms",
    "django.http",
    "django.template",
    "django.urls",
    "django.utils.html",
    "django_tasks",
    "httpx",
    "jwt",
    "linkify_it",
    "markdown_it",
    "msgspec",
    "nh3",
    "PIL.Image",
    "psycopg",
    "psycopg_pool",
    "pygments.formatters",
    "pygments.lexers",
    "redis.asyncio",
    "sqlite3",
    "structlog",
    "websockets.asyncio.client",
]

_lock = threading.Lock()
_process: subprocess.Popen[str] | None = None


def run(arguments: list[str], env: dict[str, str]) -> str:
    """What `tests.support.cast` prints for these arguments, in this environment."""
    global _process
    with _lock:
        if _process is None:
            command = [sys.executable, "-m", "tests.support.warm"]
            _process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            atexit.register(_end, _process)
        assert _process.stdin is not None and _process.stdout is not None
        _process.stdin.write(json.dumps({"arguments": arguments, "env": env}) + "\n")
        _process.stdin.flush()
        answer: str = _process.stdout.readline()
    if not answer.startswith("{"):
        raise RuntimeError("the cast could not be furnished; its process has said why")
    return answer


def _end(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


def serve() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    for line in sys.stdin:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _furnish(**json.loads(line))
        _, status = os.waitpid(child, 0)
        if status:
            print("failed", flush=True)


def _furnish(arguments: list[str], env: dict[str, str]) -> None:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(env)
        from tests.support.cast import main

        main(int(arguments[0]), *arguments[1:])
        sys.stdout.flush()
        code = 0
    finally:
        if code:
            import traceback

            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    serve()

"""The command line: `parley`. What it does is in the modules beside this one."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from parley_client.cli import parser
from parley_client.cli.problem import REFUSED, UNREACHABLE, Problem
from parley_client.errors import ParleyError, RateLimited, SignedOut, Unavailable, Unreachable

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0, 1 refused, 2 wrong usage, 3 unreachable, 130 interrupted."""
    options = parser.parse(arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone, as `head` does. Python would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: argparse.Namespace) -> int:
    try:
        asyncio.run(options.command(options))
    except Problem as problem:
        return _complain(str(problem), problem.exit_code)
    except SignedOut as error:
        return _complain(f"{error}: sign in with `parley login`", REFUSED)
    except ParleyError as error:
        away = isinstance(error, Unreachable | Unavailable | RateLimited)
        return _complain(" ".join([str(error), *getattr(error, "__notes__", ())]), UNREACHABLE if away else REFUSED)
    sys.stdout.flush()
    return 0


def _complain(text: str, exit_code: int) -> int:
    line = " ".join(text.split())
    print(f"parley: {line}", file=sys.stderr)
    return exit_code

"""Compiles the load generator when it is needed."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent
BINARIES = SOURCES.parents[1] / "var" / "benchmarks"
COMMAND = ("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror")


class CannotBuild(Exception):
    """There is no compiler, or it refused; the message says which."""


def binary() -> Path:
    """The program's path; it is built anew whenever a source has changed.

    `LOAD_CFLAGS` adds options, e.g. `-g -fsanitize=address,undefined` to find memory errors.
    """
    command = [*COMMAND, *shlex.split(os.environ.get("LOAD_CFLAGS", ""))]
    program = BINARIES / f"load-{_fingerprint(command)}"
    if not program.exists():
        _compile(command, program)
    return program


def _fingerprint(command: list[str]) -> str:
    digest = hashlib.sha256(shlex.join(command).encode())
    for source in sorted(SOURCES.glob("*.[ch]")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _compile(command: list[str], program: Path) -> None:
    if shutil.which(command[0]) is None:
        raise CannotBuild(f"{command[0]} is not installed")
    program.parent.mkdir(parents=True, exist_ok=True)
    # Others may build it at the same time: each in a file of its own, and the last one stays.
    unfinished = program.with_name(f"{program.name}.{os.getpid()}")
    sources = [str(source) for source in sorted(SOURCES.glob("*.c"))]
    done = subprocess.run([*command, *sources, "-o", str(unfinished)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild(done.stderr)
    unfinished.replace(program)

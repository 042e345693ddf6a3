"""Which version of every program was measured. What is not installed is not named."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from tests.support.services import Missing, program

PYTHON: Final = ("Django", "channels", "channels-redis", "daphne", "uvicorn", "uvloop", "msgspec", "fastapi")
NODE: Final = ("ws", "socket.io")
NODE_MODULES: Final = Path(__file__).parent / "peers" / "node_modules"
PROGRAMS: Final = {
    "gcc": ["gcc", "-dumpfullversion"],
    "Node": ["node", "--version"],
    "nginx": ["nginx", "-v"],
    "PostgreSQL": ["postgres", "--version"],
    "Redis": ["redis-server", "--version"],
    "nchan": ["dpkg-query", "--show", "libnginx-mod-nchan"],
}
NUMBER: Final = re.compile(r"\d+(\.\d+)+")


def versions() -> dict[str, str]:
    return {"SQLite": sqlite3.sqlite_version, **dict(of_python()), **dict(of_node()), **dict(of_programs())}


def of_python() -> Iterator[tuple[str, str]]:
    for name in PYTHON:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue


def of_node() -> Iterator[tuple[str, str]]:
    for name in NODE:
        description = NODE_MODULES / name / "package.json"
        if description.exists():
            yield f"npm {name}", json.loads(description.read_text())["version"]


def of_programs() -> Iterator[tuple[str, str]]:
    for name, (command, *arguments) in PROGRAMS.items():
        try:
            said = subprocess.run([program(command), *arguments], capture_output=True, text=True, check=False)
        except Missing:
            continue
        found = NUMBER.search(said.stdout + said.stderr)  # nginx speaks on standard error
        if found:
            yield name, found[0]

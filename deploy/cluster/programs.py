"""Where the servers of a cluster are on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path


def find(name: str) -> str | None:
    """The path of a program, Debian's versioned PostgreSQL folders and /usr/sbin included."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return shutil.which(name) or shutil.which(name, path="/usr/sbin") or (str(versions[-1]) if versions else None)

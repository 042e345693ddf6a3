"""The first page of a PDF, as an image."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from chat.operations.files.pictures import Unreadable

SECONDS: Final = 20
"""By the clock, beside what the program allows itself of the processor."""
_RENDERER: Final = str(Path(__file__).with_name("pdf_renderer.py"))


@dataclass(frozen=True)
class FirstPage:
    image: bytes
    """A WEBP file."""
    pages: int
    """Of the whole PDF."""


def first_page(file: IO[bytes]) -> FirstPage:
    """Raises Unreadable: it is broken, encrypted, or takes more than it may."""
    # Without our environment, which holds what opens the database.
    command = [sys.executable, "-I", _RENDERER]
    try:
        drawn = subprocess.run(command, stdin=file, capture_output=True, timeout=SECONDS, cwd="/", env={})
    except subprocess.TimeoutExpired:
        raise Unreadable(f"it took more than {SECONDS} s") from None
    if drawn.returncode:
        why = drawn.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Unreadable(why or f"it ended with {drawn.returncode}")
    pages, _, image = drawn.stdout.partition(b"\n")
    return FirstPage(image, int(pages))

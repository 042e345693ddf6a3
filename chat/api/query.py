"""Query parameters, read so that a bad one is named."""

from collections.abc import Sequence
from typing import Any

from chat.protocol.errors import BadRequest

MAX_SEQ = 2**63 - 2


def integer(parameters: Any, name: str, *, least: int, most: int) -> int | None:
    """A whole number, or None when it is not given. Raises BadRequest."""
    text = parameters.get(name)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
        return int(text)
    raise BadRequest(f"{name} is a whole number from {least} to {most}", field=name)


def choice(parameters: Any, name: str, options: Sequence[str]) -> str | None:
    """One of `options`, or None when it is not given. Raises BadRequest."""
    text = parameters.get(name)
    if text is None or text in options:
        return text
    raise BadRequest(f"{name} is one of: {', '.join(options)}", field=name)


def words(parameters: Any, name: str) -> str:
    """Text without surrounding space. Raises BadRequest for a NUL, which no stored text holds."""
    text: str = parameters.get(name, "").strip()
    if "\x00" in text:
        raise BadRequest(f"{name} holds a NUL character", field=name)
    return text

"""How notifications are written."""

from collections.abc import Sequence
from typing import Final

from chat.models.notifications import NOTE_CHARACTERS

TEXT_CHARACTERS: Final = NOTE_CHARACTERS


def shortened(words: str, files: Sequence[str] = ()) -> str:
    """What a message says, or the names of its files, in at most TEXT_CHARACTERS."""
    said = words or ", ".join(files)
    return said if len(said) <= TEXT_CHARACTERS else f"{said[: TEXT_CHARACTERS - 1].rstrip()}…"


def wire_id(number: int | None) -> str | None:
    return None if number is None else str(number)

"""A message that is longer than one may be becomes several."""

from collections.abc import Iterator
from dataclasses import replace

from chat.operations.importing.items import Said
from chat.protocol.limits import BODY_CHARACTERS


def parts(said: Said) -> Iterator[Said]:
    """Cut between lines or words. The first keeps the id, and all that belongs to the message as a whole."""
    rest, number = said.body, 1
    while len(rest) > BODY_CHARACTERS:
        cut = max(rest.rfind("\n", 1, BODY_CHARACTERS), rest.rfind(" ", 1, BODY_CHARACTERS)) + 1 or BODY_CHARACTERS
        if rest[:cut].strip():
            yield _part(said, number, rest[:cut])
        rest, number = rest[cut:], number + 1
    if number == 1:
        yield said
    elif rest.strip():
        yield _part(said, number, rest)


def _part(said: Said, number: int, body: str) -> Said:
    if number == 1:
        return replace(said, body=body)
    return replace(said, id=f"{said.id}/{number}", body=body, begins=False, reactions=(), uploads=())

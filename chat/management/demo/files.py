"""The files that the team sends, made here: none has to be stored or fetched."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Final

from chat.management.demo.pictures import board, crossing, sheet
from chat.management.demo.ring import ring
from chat.operations.importing import Sent

FILES: Final[dict[str, Callable[[], bytes]]] = {
    "bjorko-0715.jpg": crossing,
    "board.png": board,
    "ring-three.wav": ring,
    "winter_final_v3_NEW.pdf": sheet,
}


def sent(name: str) -> Sent:
    return Sent(name, line=name, shown=name, unpacked=partial(_content, name))


def _content(name: str) -> BytesIO:
    return BytesIO(FILES[name]())

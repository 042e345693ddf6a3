"""The image of a preview: of the file that came nothing goes on but its pixels, and few of those."""

import io
from typing import Final, NamedTuple

from PIL import Image

from chat.operations.files.kinds import IMAGES
from chat.operations.files.pictures import UNREADABLE, Unreadable, upright

WIDEST: Final = 480
HIGHEST: Final = 480
PIXELS: Final = 16_000_000
"""Fewer than an upload may have: three may be decoded at once, and nobody of ours has chosen them."""
SMALLEST: Final = 16
"""Pixels of the shorter side: what is smaller is there to count visitors."""


class Small(NamedTuple):
    """A WEBP file."""

    data: bytes
    width: int
    height: int


def small(data: bytes) -> Small:
    """The image, or the first of one that moves, no larger than a card has room for. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(data), formats=tuple(IMAGES)) as image:
            width, height = image.size
            if width * height > PIXELS:
                raise Unreadable("too many pixels")
            if min(width, height) < SMALLEST:
                raise Unreadable("too small to be seen")
            image.draft("RGB", (2 * WIDEST, 2 * HIGHEST))  # of a JPEG no more is decoded than is needed
            return _webp(upright(image))
    except UNREADABLE as error:
        raise Unreadable(str(error)) from error


def _webp(image: Image.Image) -> Small:
    small = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    small.thumbnail((WIDEST, HIGHEST))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return Small(out.getvalue(), *small.size)

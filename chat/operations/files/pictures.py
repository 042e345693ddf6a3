"""Images made anew: nothing of the file that came goes on but its pixels."""

import io
from dataclasses import dataclass
from typing import IO, Final

from django.conf import settings
from PIL import Image, ImageOps, ImageSequence

from chat.operations.files.kinds import IMAGES

THUMBNAIL_PIXELS: Final = 720
"""Of the longer side: twice what a message shows of it."""
FRAMES: Final = 300
JPEG_QUALITY: Final = 88


_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
UNREADABLE: Final = (OSError, ValueError, SyntaxError, EOFError, *_BOMB)
"""What Pillow raises for a file that is not what it says."""


class Unreadable(Exception):
    """It begins like an image, and is none."""


@dataclass(frozen=True)
class Picture:
    data: bytes
    width: int
    height: int
    thumbnail: bytes | None


def made_anew(file: IO[bytes]) -> Picture:
    """The image without its metadata, turned as it is meant to be seen. One that moves goes on moving.

    Raises Unreadable.
    """
    try:
        with Image.open(file, formats=tuple(IMAGES)) as image:
            moves = _may_move(image)
            first = upright(image)
            data = _animation(image) if moves else _still(first, str(image.format))
            return Picture(data, *first.size, _thumbnail(first, moves))
    except UNREADABLE as error:
        raise Unreadable(str(error)) from error


def _may_move(image: Image.Image) -> bool:
    """Whether it has several frames, and no more than are worth their memory. Of one with more the first is kept."""
    frames = int(getattr(image, "n_frames", 1))
    width, height = image.size
    return 1 < frames <= FRAMES and frames * width * height <= 4 * settings.UPLOAD_PIXELS


def upright(image: Image.Image) -> Image.Image:
    """The pixels of its first frame, turned as they are meant to be seen, and nothing else of it."""
    image.seek(0)
    image.load()
    upright = ImageOps.exif_transpose(image).copy()
    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
    return upright


def _still(image: Image.Image, format_: str) -> bytes:
    out = io.BytesIO()
    if format_ == "JPEG":
        image = image if image.mode in ("RGB", "L") else image.convert("RGB")
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    elif format_ == "WEBP":
        image.save(out, "WEBP", quality=JPEG_QUALITY, exif=b"", icc_profile=None, xmp=b"")
    else:
        image.save(out, format_, optimize=True)
    return out.getvalue()


def _animation(image: Image.Image) -> bytes:
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(max(20, int(frame.info.get("duration", 100))))
        frames.append(frame.convert("RGBA"))
        frames[-1].info = {}
    out = io.BytesIO()
    options = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": image.info.get("loop", 0)}
    if image.format == "GIF":
        options["disposal"] = 2
    frames[0].save(out, image.format, **options)
    return out.getvalue()


def _thumbnail(image: Image.Image, moves: bool) -> bytes | None:
    """None where the image itself is small enough, and does not move."""
    if max(image.size) <= THUMBNAIL_PIXELS and not moves:
        return None
    small = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()

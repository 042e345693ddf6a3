"""What a file is, by its content: what it is called and what its sender says of it count for nothing."""

from dataclasses import dataclass
from typing import IO, Final

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from chat.protocol.errors import BadRequest

ANYTHING: Final = "application/octet-stream"
PDF: Final = "application/pdf"
IMAGES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
"""Pillow's names of what is shown as an image; it reads nothing else."""
_KNOWN: Final = {
    PDF: PDF,
    "application/zip": "application/zip",
    "audio/flac": "audio/flac",
    "audio/mpeg": "audio/mpeg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/mp4": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "audio/ogg": "audio/ogg",
    "video/mp4": "video/mp4",
    "video/webm": "video/webm",
}
IN_PLACE: Final = frozenset(
    {PDF, *IMAGES.values(), *(type for type in _KNOWN.values() if type[:6] in ("audio/", "video/"))}
)
"""What a browser may show by itself. Everything else it may only save."""
_HEAD_BYTES: Final = 4096

# Beside the check of the size below, for what Pillow decodes by itself.
Image.MAX_IMAGE_PIXELS = settings.UPLOAD_PIXELS


@dataclass(frozen=True)
class Kind:
    type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether nothing has to be made of it before it is shown."""
        return self.width is None and self.type != PDF


def kind_of(file: IO[bytes]) -> Kind:
    """Raises BadRequest for an image with more pixels than are taken."""
    image = _image(file)
    if image is not None:
        return image
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    return Kind(_by_magic(head) or (_TEXT if _is_text(head) else ANYTHING))


def _image(file: IO[bytes]) -> Kind | None:
    """By the head of the file alone: nothing is decoded."""
    file.seek(0)
    try:
        with Image.open(file, formats=tuple(IMAGES)) as image:
            (width, height), format_ = image.size, str(image.format)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning):
        return None
    if width * height > settings.UPLOAD_PIXELS:
        raise _too_many_pixels()
    return Kind(IMAGES[format_], width, height)


def _too_many_pixels() -> BadRequest:
    return BadRequest(f"an image has at most {settings.UPLOAD_PIXELS:,} pixels", field="file")


_TEXT: Final = "text/plain"


def _by_magic(head: bytes) -> str | None:
    import puremagic  # reads its whole table, which most processes never need

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return next((_KNOWN[each.mime_type] for each in found if each.mime_type in _KNOWN), None)


def _is_text(head: bytes) -> bool:
    """UTF-8, perhaps cut within its last character."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return b"\x00" not in head

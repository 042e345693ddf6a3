"""Images, good and bad."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(size: tuple[int, int] = (40, 30), format: str = "PNG", color: str = "teal", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, format, **options)
    return out.getvalue()


def with_metadata() -> bytes:
    """A JPEG that tells where it was taken, and lies on its side: 40 by 30, to be seen as 30 by 40."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(format="JPEG", exif=exif)


def moving(frames: int = 3, format: str = "GIF") -> bytes:
    images = [Image.new("RGB", (40, 30), (80 * number, 20, 20)) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, format, save_all=True, append_images=images[1:], duration=100, loop=0, comment=b"SECRET")
    return out.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )

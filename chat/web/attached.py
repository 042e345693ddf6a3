"""Files of a message as a page shows them."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from chat.operations.files.kinds import PDF
from chat.protocol.events import AttachmentData

SHOWN_PIXELS: Final = 300
"""Of the longer side of an image in a message; `static/js/lib/files.js` has the same."""


@dataclass(frozen=True)
class Attached:
    data: AttachmentData

    def __getattr__(self, name: str) -> Any:
        return getattr(self.data, name)

    @property
    def json(self) -> str:
        """For the script, which finds here what it would be told by an event."""
        return msgspec.json.encode(self.data).decode()

    @property
    def kind(self) -> str:
        main = self.data.type.partition("/")[0]
        if main == "image":
            return "image" if self.data.width and self.data.height else "file"
        if self.data.type == PDF:
            return "pdf"
        return main if main in ("audio", "video") else "file"

    @property
    def shown(self) -> str:
        return self.data.thumbnail or self.data.url

    @property
    def shown_width(self) -> int:
        return fitting(self.data.width, self.data.height)[0]

    @property
    def shown_height(self) -> int:
        return fitting(self.data.width, self.data.height)[1]

    @property
    def facts(self) -> str:
        """`1.2 MB`, `1.2 MB · 12 pages`"""
        if self.data.pages is None:
            return self.size_text
        return f"{self.size_text} · {self.data.pages:,} {'page' if self.data.pages == 1 else 'pages'}"

    @property
    def size_text(self) -> str:
        size = float(self.data.size)
        for unit in ("bytes", "KB", "MB"):
            if size < 1000:
                return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
            size /= 1000
        return f"{size:.1f} GB"


def fitting(width: int | None, height: int | None) -> tuple[int, int]:
    """The place that is kept for an image, so that nothing moves when it comes."""
    sides = width or 1, height or 1
    scale = min(1, SHOWN_PIXELS / max(sides))
    return max(1, round(sides[0] * scale)), max(1, round(sides[1] * scale))


def attached(stored: list[Any] | None) -> tuple[Attached, ...]:
    """`Message.attachments`, each as a page shows it."""
    return tuple(Attached(data) for data in msgspec.convert(stored or [], list[AttachmentData]))

"""Cards of links as a page shows them."""

from dataclasses import dataclass
from typing import Any

import msgspec

from chat.operations.previews.wire import previews_data
from chat.protocol.events import PreviewData
from chat.web.attached import fitting


@dataclass(frozen=True)
class Previewed:
    data: PreviewData

    def __getattr__(self, name: str) -> Any:
        return getattr(self.data, name)

    @property
    def json(self) -> str:
        """For the script, which finds here what it would be told by an event."""
        return msgspec.json.encode(self.data).decode()

    @property
    def shown_width(self) -> int:
        return self._fitting[0]

    @property
    def shown_height(self) -> int:
        return self._fitting[1]

    @property
    def _fitting(self) -> tuple[int, int]:
        image = self.data.image
        return fitting(None, None) if image is None else fitting(image.width, image.height)


def previewed(stored: list[Any] | None) -> tuple[Previewed, ...]:
    """`Message.previews`, each as a page shows it."""
    return tuple(Previewed(data) for data in previews_data(stored))

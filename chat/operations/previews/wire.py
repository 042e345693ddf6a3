"""Previews on the wire: the same in answers, events and history."""

from collections.abc import Sequence
from typing import Any

import msgspec

from chat.models import LinkPreview
from chat.protocol.events import PreviewData, PreviewImage


def preview_data(preview: LinkPreview, url: str) -> PreviewData:
    """What a card shows that leads to `url`, as the message has it."""
    image = None
    if preview.image and preview.image_width and preview.image_height:
        image = PreviewImage(f"/api/v1/previews/{preview.pk}/", preview.image_width, preview.image_height)
    return PreviewData(url=url, title=preview.title, description=preview.description, site=preview.site, image=image)


def stored(previews: Sequence[PreviewData]) -> Any:
    """As they stand in the message's row."""
    return msgspec.to_builtins(previews) or None


def previews_data(stored: list[Any] | None) -> list[PreviewData]:
    """`Message.previews` on the wire."""
    return msgspec.convert(stored or [], list[PreviewData])

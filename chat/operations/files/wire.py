"""Uploads as attachments: the same in answers, events and history."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from chat.models import Upload
from chat.protocol.events import AttachmentData


def attachment_data(upload: Upload) -> AttachmentData:
    base = f"/api/v1/uploads/{upload.pk}/"
    return AttachmentData(
        id=str(upload.pk),
        name=upload.name,
        type=upload.type,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        url=base + quote(upload.name, safe=""),
        thumbnail=f"/api/v1/thumbnails/{upload.pk}/" if upload.thumbnail_key else None,
        ready=upload.ready,
        pages=upload.pages,
    )


def stored(attachments: Sequence[AttachmentData]) -> Any:
    """As they stand in the message's row."""
    return msgspec.to_builtins(attachments) or None


def attachments_data(stored: list[Any] | None) -> list[AttachmentData]:
    """`Message.attachments` on the wire."""
    return msgspec.convert(stored or [], list[AttachmentData])

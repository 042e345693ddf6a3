"""How files are sent, and what becomes of them."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from chat.models import Room
from chat.tasks import queue
from tests.support.rest import Rest


def upload(rest: Rest, data: bytes, name: str = "notes.txt", **fields: Any) -> Any:
    form = fields | {"file": SimpleUploadedFile(name, data)}
    return rest.ask("POST", "uploads/", encode_multipart(BOUNDARY, form), content_type=MULTIPART_CONTENT)


def send(rest: Rest, room: Room, *files: dict[str, Any], body: str = "", id: uuid.UUID | None = None) -> Any:
    named = {"id": str(id or uuid.uuid4()), "body": body, "attachments": [file["id"] for file in files]}
    return rest.post(f"rooms/{room.pk}/messages/", named)


def work() -> None:
    """Does what is in the queue, as a worker would."""
    while (task := queue.take("test")) is not None:
        task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        queue.done(task)


def content(response: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(read())


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]

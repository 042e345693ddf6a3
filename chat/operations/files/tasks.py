"""What is done with files in the background. Each may be begun anew after any of its steps."""

import uuid
from typing import IO, Any, Final

import msgspec
import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from chat.models import Message, Upload
from chat.operations.files.kinds import ANYTHING, PDF
from chat.operations.files.pdfs import first_page
from chat.operations.files.pictures import Unreadable, made_anew
from chat.operations.files.wire import attachment_data
from chat.streams import log, writer

logger = structlog.stdlib.get_logger(__name__)

AT_ONCE: Final = 100


@task(priority=10)
def make_ready(upload_id: str) -> None:
    """Makes an image anew, with a smaller one beside it; of a PDF draws the first page. Tells its room."""
    upload = Upload.objects.kept().filter(pk=uuid.UUID(upload_id), ready=False).first()
    if upload is None:
        return
    with storages["files"].open(upload.key) as file:
        changes = _of_pdf(upload, file) if upload.type == PDF else _of_image(upload, file)
    while not writer.perform(_finish, upload.pk, changes):
        pass


def _of_image(upload: Upload, file: IO[bytes]) -> dict[str, Any]:
    """Writes both beside the file that came, which is deleted once nothing names it."""
    try:
        picture = made_anew(file)
    except Unreadable:
        return {"type": ANYTHING, "width": None, "height": None}
    changes = {"width": picture.width, "height": picture.height, "size": len(picture.data)}
    keys = {"key": _stored(f"{upload.key}-image", picture.data)}
    if picture.thumbnail is not None:
        keys["thumbnail_key"] = _stored(f"{upload.key}-small", picture.thumbnail)
    return changes | keys


def _of_pdf(upload: Upload, file: IO[bytes]) -> dict[str, Any]:
    try:
        page = first_page(file)
    except Unreadable as why:
        logger.info("no page of a PDF", why=str(why))
        return {}
    return {"pages": page.pages, "thumbnail_key": _stored(f"{upload.key}-small", page.image)}


def _stored(key: str, data: bytes) -> str:
    storages["files"].delete(key)  # of a try before
    storages["files"].save(key, ContentFile(data))
    return key


def _finish(upload_id: uuid.UUID, changes: dict[str, Any]) -> bool:
    """Says so in the upload and, if it was sent, in its message and its room. False when it was sent meanwhile."""
    room_id = Upload.objects.filter(pk=upload_id).values_list("room", flat=True).first()
    with transaction.atomic(), log.adding([] if room_id is None else [room_id]) as additions:
        upload = Upload.objects.select_for_update().filter(pk=upload_id, ready=False).first()
        if upload is None:
            return True
        if upload.room_id != room_id:
            return False
        came = upload.key
        for field, value in (changes | {"ready": True}).items():
            setattr(upload, field, value)
        upload.save()
        if room_id is not None and upload.removed_at is None:
            _tell(upload, additions)
    if upload.key != came:
        delete_file.enqueue(came)
    return True


def _tell(upload: Upload, additions: log.Additions) -> None:
    message = Message.objects.get(uploads=upload)
    data = attachment_data(upload)
    message.attachments = [
        msgspec.to_builtins(data) if each["id"] == data.id else each for each in message.attachments or []
    ]
    message.save(update_fields=["attachments"])
    told = {"message": str(message.pk), "room": str(message.room_id), "seq": message.seq, "attachment": data}
    additions.add(message.room_id, "attachment.ready", timezone.now(), told, subject=message.pk)


@task()
def delete_file(key: str) -> None:
    storages["files"].delete(key)


@task()
def remove_files() -> None:
    """Deletes the files of removed uploads, and then what is known of them."""
    while removed := list(Upload.objects.exclude(removed_at=None)[:AT_ONCE]):
        for upload in removed:
            for key in (upload.key, upload.thumbnail_key, upload.key.removesuffix("-image")):
                if key:
                    storages["files"].delete(key)
        writer.perform(_forget, [upload.pk for upload in removed])


def _forget(upload_ids: list[uuid.UUID]) -> None:
    Upload.objects.filter(pk__in=upload_ids).delete()


def sweep() -> None:
    """Removes what was never sent."""
    Upload.objects.forgotten(timezone.now()).update(removed_at=timezone.now())
    if Upload.objects.exclude(removed_at=None).exists():
        remove_files.enqueue()

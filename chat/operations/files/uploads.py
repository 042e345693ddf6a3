"""Taking a file in, and finding it again."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone

from chat.models import Upload, User
from chat.operations.files.kinds import Kind, kind_of
from chat.operations.files.names import safe_name
from chat.operations.files.tasks import make_ready, remove_files
from chat.protocol.errors import BadRequest, NotFound, TooLarge
from chat.streams import writer


def storage() -> Storage:
    return storages["files"]


def take_in(*, owner: User, client_id: uuid.UUID, file: "File[bytes]", quota: bool = True) -> tuple[Upload, bool]:
    """Stores a file that its owner may then send; and whether it was there before, under the same `client_id`.

    Raises:
        BadRequest: it is empty, or an image with too many pixels.
        TooLarge: of itself, or, under a `quota`, with all else that its owner has sent.
    """
    known = Upload.objects.kept().filter(owner=owner, client_id=client_id).first()
    if known is not None:
        return known, True
    _check_size(owner, file.size, quota=quota)
    kind = kind_of(file)
    upload = _row(owner, client_id, file, kind)
    storage().save(upload.key, file)
    try:
        stored = writer.perform(_store, upload, quota=quota)
    except Exception:
        storage().delete(upload.key)
        raise
    if stored.pk != upload.pk:
        storage().delete(upload.key)
    return stored, stored.pk != upload.pk


def _check_size(owner: User, size: int, *, quota: bool) -> None:
    if not size:
        raise BadRequest("file is empty", field="file")
    if size > settings.UPLOAD_BYTES:
        raise TooLarge(f"a file has at most {settings.UPLOAD_BYTES:,} bytes", field="file")
    if quota and Upload.objects.bytes_of(owner) + size > settings.UPLOAD_QUOTA_BYTES:
        raise TooLarge(f"your files take at most {settings.UPLOAD_QUOTA_BYTES:,} bytes together", field="file")


def _row(owner: User, client_id: uuid.UUID, file: "File[bytes]", kind: Kind) -> Upload:
    pk = uuid.uuid4()
    return Upload(
        id=pk,
        owner=owner,
        client_id=client_id,
        name=safe_name(file.name or ""),
        type=kind.type,
        size=file.size,
        width=kind.width,
        height=kind.height,
        key=f"{pk.hex[:2]}/{pk.hex}",
        ready=kind.is_ready,
    )


def _store(upload: Upload, *, quota: bool) -> Upload:
    with transaction.atomic():
        # Those of one person come one after the other, so that no two fit into the same rest of the quota.
        User.objects.select_for_update(no_key=True).get(pk=upload.owner_id)
        known = Upload.objects.kept().filter(owner=upload.owner_id, client_id=upload.client_id).first()
        if known is not None:
            return known
        _check_size(upload.owner, upload.size, quota=quota)
        upload.save(force_insert=True)
        if not upload.ready:
            make_ready.enqueue(str(upload.pk))
    return upload


def upload_of(actor: User, upload_id: uuid.UUID) -> Upload:
    """The upload, if `actor` may see it."""
    found: Upload | None = Upload.objects.visible_to(actor).filter(pk=upload_id).first()
    if found is None:
        raise NotFound("there is no such file")
    return found


def discard(*, actor: User, upload_id: uuid.UUID) -> None:
    """Removes what one has not sent. Raises NotFound."""
    with transaction.atomic():
        if not remove(Upload.objects.unsent_by(actor.pk).filter(pk=upload_id)):
            raise NotFound("there is no such file")


def remove(uploads: "Iterable[Upload]") -> bool:
    """Within a transaction: nobody sees them any more, and a task deletes the files. Whether there were any."""
    found = Upload.objects.filter(pk__in=[upload.pk for upload in uploads], removed_at=None)
    if not found.update(removed_at=timezone.now()):
        return False
    remove_files.enqueue()
    return True

"""The uploads that a batch of drafts sends, within the transaction that stores them."""

import uuid
from collections.abc import Iterable

from chat.models import Upload, message_id
from chat.operations.drafts import Draft
from chat.operations.files.wire import attachment_data
from chat.protocol.errors import NotFound
from chat.protocol.events import AttachmentData


class Attaching:
    """Reads those that any draft may name, in one statement, and holds their rows."""

    def __init__(self, uploads: Iterable[uuid.UUID]) -> None:
        ids = set(uploads)
        self._free: dict[uuid.UUID, Upload] = {}
        self._sent: list[Upload] = []
        if ids:
            free = Upload.objects.kept().filter(pk__in=ids, message=None).order_by("pk").select_for_update()
            self._free = {upload.pk: upload for upload in free}

    def problem(self, draft: Draft) -> NotFound | None:
        """Only one's own may be sent, and each once."""
        if all(self.may_send(draft.sender_id, each) for each in draft.attachments):
            return None
        return NotFound("there is no such file of yours to be sent", field="attachments")

    def may_send(self, sender_id: int, upload_id: uuid.UUID) -> bool:
        upload = self._free.get(upload_id)
        return upload is not None and upload.owner_id == sender_id

    def add(self, draft: Draft, seq: int) -> list[AttachmentData]:
        uploads = [self._free.pop(each) for each in draft.attachments]
        for upload in uploads:
            upload.room_id, upload.message_id = draft.room_id, message_id(draft.room_id, seq)
        self._sent.extend(uploads)
        return [attachment_data(upload) for upload in uploads]

    def write(self) -> None:
        """After the messages, to which they point."""
        if self._sent:
            Upload.objects.bulk_update(self._sent, ["room", "message"])

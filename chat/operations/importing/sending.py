"""Files of an archive, taken in before the messages that they were sent with."""

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.core.files.base import File

from chat.models import Upload
from chat.operations.files.uploads import take_in
from chat.operations.importing.items import Item, Said, Sent, Unreadable
from chat.operations.importing.known import Known
from chat.operations.importing.people import People
from chat.operations.importing.tally import Tally
from chat.protocol.errors import BadRequest, TooLarge
from chat.protocol.limits import ATTACHMENTS


class Files:
    """Goes before the transaction that stores the messages: a file may take long. If that one does not come to its end,
    the next import finds the upload again by its client id, and what is never sent is swept up like any other.
    """

    def __init__(self, people: People, known: Known, tally: Tally, complain: Callable[[str], None]) -> None:
        self._people = people
        self._known = known
        self._tally = tally
        self._complain = complain

    def bring(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items, with the uploads of new messages; what cannot be taken in has a line in the words instead."""
        sending = [item for item in items if isinstance(item, Said) and item.files]
        if not sending:
            return items
        known = self._known.among(sending)
        return [
            self._brought(item) if isinstance(item, Said) and item.files and item.id not in known else item
            for item in items
        ]

    def _brought(self, said: Said) -> Said:
        uploads: list[uuid.UUID] = []
        lines: list[str] = []
        for number, sent in enumerate(said.files):
            upload = self._taken_in(said, number, sent) if len(uploads) < ATTACHMENTS else None
            if upload is None:
                lines.append(sent.line)
            else:
                uploads.append(upload.pk)
        if said.body and lines:
            quoted = said.body.rpartition("\n")[2].startswith(">")
            lines.insert(0, f"{said.body}\n" if quoted else said.body)  # or they would be quoted, too
        return replace(said, body="\n".join(lines) or said.body, uploads=uploads)

    def _taken_in(self, said: Said, number: int, sent: Sent) -> Upload | None:
        if sent.unpacked is None:
            return None
        try:
            with sent.unpacked() as content:
                file = File(content, sent.name)
                file.size = content.seek(0, os.SEEK_END)
                content.seek(0)
                owner, client_id = self._people[said.by], self._known.upload_id(said, number)
                upload, _ = take_in(owner=owner, client_id=client_id, file=file, quota=False)
        except Unreadable as error:
            self._complain(f"{sent.shown}: {error}")
        except (BadRequest, TooLarge) as refused:
            self._complain(f"{sent.shown}: {refused.detail}")
        else:
            self._tally.files += 1
            return upload
        return None

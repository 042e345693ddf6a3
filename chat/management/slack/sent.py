"""Files of an archive as an import takes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

from django.conf import settings

from chat.management.slack.archive import Archive, Broken
from chat.management.slack.contents import Attached
from chat.operations.importing import Sent, Unreadable


def sent(file: Attached, archive: Archive) -> Sent:
    name = archive.upload(file.id, file.name)
    if name is None:
        return Sent(file.name, file.line)
    return Sent(file.name or name, file.line, archive.shown(name), partial(_unpacked, archive, name))


@contextmanager
def _unpacked(archive: Archive, name: str) -> Iterator[IO[bytes]]:
    try:
        with archive.unpacked(name, settings.UPLOAD_BYTES) as file:
            yield file
    except Broken as error:
        raise Unreadable(str(error)) from None

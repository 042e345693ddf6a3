"""Files that no row knows: left by a process that was killed while it wrote one, or before it said so."""

import itertools
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.utils import timezone

from chat.models import LinkPreview, Upload, Workspace

logger = structlog.stdlib.get_logger(__name__)

KEPT: Final = timedelta(days=1)
"""Whoever writes a file has long said so by then."""
AT_ONCE: Final = 500
_FOLDERS: Final = ("", "previews/")
_FOLDER: Final = re.compile(r"[0-9a-f]{2}")
_NAME: Final = re.compile(r"([0-9a-f]{32})(-image|-small)?")
"""Of ours. What else somebody keeps there is left alone."""
_ARRIVING: Final = "tmp*.upload*"
"""Django's names of bodies on their way; the folder may be one that others use."""


def sweep() -> None:
    """Deletes them. Does nothing where the storage cannot list what it holds."""
    deleted = _sweep_arriving()
    with suppress(NotImplementedError):
        deleted += _sweep_stored(storages["files"])
    if deleted:
        logger.info("files that nobody knows are deleted", files=deleted)


def _sweep_arriving() -> int:
    eldest = time.time() - KEPT.total_seconds()
    deleted = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(_ARRIVING):
        with suppress(FileNotFoundError):  # it was on its way all the time
            if path.stat().st_mtime < eldest:
                path.unlink()
                deleted += 1
    return deleted


def _sweep_stored(storage: Storage) -> int:
    # What is older than the database is of another one, which may come back.
    since = Workspace.current().set_up_at
    if since is None:
        return 0
    deleted = 0
    keys = _keys(storage)
    while some := list(itertools.islice(keys, AT_ONCE)):
        for key in _unknown(some):
            if _is_between(storage, key, since, timezone.now() - KEPT):
                storage.delete(key)
                deleted += 1
    return deleted


def _keys(storage: Storage) -> Iterator[str]:
    for top in _FOLDERS:
        for folder in filter(_FOLDER.fullmatch, _listed(storage, top, 0)):
            names = _listed(storage, f"{top}{folder}", 1)
            yield from (f"{top}{folder}/{name}" for name in filter(_NAME.fullmatch, names))


def _listed(storage: Storage, path: str, kind: int) -> list[str]:
    """Folders (0) or files (1)."""
    try:
        return list(storage.listdir(path)[kind])
    except FileNotFoundError:
        return []


def _unknown(keys: list[str]) -> set[str]:
    """Asked by their ids, which are in an index as no key is."""
    ids = {uuid.UUID(key.rpartition("/")[2][:32]) for key in keys}
    known: set[str] = set(LinkPreview.objects.filter(pk__in=ids).values_list("image", flat=True))
    for key, thumbnail in Upload.objects.filter(pk__in=ids).values_list("key", "thumbnail_key"):
        known |= {key, thumbnail}
    return set(keys) - known


def _is_between(storage: Storage, key: str, first: datetime, last: datetime) -> bool:
    try:
        return first < storage.get_modified_time(key) < last
    except FileNotFoundError:  # deleted meanwhile
        return False

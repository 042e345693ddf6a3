"""What is done for previews in the background. Each may be begun anew after any of its steps."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks import task

from chat.models import LinkPreview, Message
from chat.models.previews import hash_of
from chat.operations.files.tasks import delete_file
from chat.operations.previews import showing
from chat.operations.previews.fetching import WINDOW_SECONDS
from chat.operations.previews.links import page_of
from chat.operations.previews.looking import Look, look
from chat.operations.previews.targets import NotFetched
from chat.protocol.errors import RateLimited
from chat.streams import writer

logger = structlog.stdlib.get_logger(__name__)

TRIES: Final = 5
"""How often a message comes back for a host that was asked too much. Then it goes without."""
AT_ONCE: Final = 100


@task(priority=-10)  # after images, for which people wait
def make_previews(message_id: int, tries: int = 1) -> None:
    """Fetches what the message links to and nobody has fetched lately, and tells its room."""
    message = Message.objects.filter(pk=message_id).select_related("room").first()
    pages = [page_of(url) for url in showing.wanted(message)] if message is not None else []
    if not pages:
        return
    known = set(LinkPreview.objects.of(pages).fresh(timezone.now()).values_list("url", flat=True))
    fetched, busy = _fetch([page for page in pages if page not in known])
    writer.perform(showing.show, message_id, fetched)
    if busy and tries < TRIES:
        writer.perform(_again, message_id, tries + 1)


def _again(message_id: int, tries: int) -> None:
    later = timezone.now() + timedelta(seconds=WINDOW_SECONDS)
    make_previews.using(run_after=later).enqueue(message_id, tries)


def _fetch(pages: Sequence[str]) -> tuple[list[LinkPreview], bool]:
    """All at the same time; what came of each, and whether one has to wait for its host."""
    outcomes = _together(pages)
    made = [
        preview_of(page, outcome)
        for page, outcome in zip(pages, outcomes, strict=True)
        if not isinstance(outcome, RateLimited)
    ]
    return made, len(made) < len(pages)


def _together(pages: Sequence[str]) -> list[Look | RateLimited | None]:
    """In a loop of its own. Its end does not wait for names that are still being looked up, as a Runner's would."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_looks(pages))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _looks(pages: Sequence[str]) -> list[Look | RateLimited | None]:
    return list(await asyncio.gather(*map(_look, pages)))


async def _look(page: str) -> Look | RateLimited | None:
    try:
        return await look(page)
    except RateLimited as busy:
        return busy
    except NotFetched as why:
        logger.info("no preview", why=str(why))  # not of what: no link is in the log
        return None


def preview_of(page: str, found: Look | None) -> LinkPreview:
    """The row of a page, not yet saved, and its image, which is. None found is a failure."""
    now = timezone.now()
    preview = LinkPreview(id=uuid.uuid4(), url=page, url_hash=hash_of(page), fetched_at=now, used_at=now)
    if found is None:
        preview.failed = True
        return preview
    preview.title, preview.description, preview.site = found.title, found.description, found.site
    if found.image is not None:
        data, preview.image_width, preview.image_height = found.image
        preview.image = storages["files"].save(f"previews/{preview.pk.hex[:2]}/{preview.pk.hex}", ContentFile(data))
    return preview


def sweep() -> bool:
    """Forgets what no message shows and nobody asked for in a long time. Whether there may be more."""
    forgotten = dict(LinkPreview.objects.forgotten(timezone.now()).values_list("pk", "image")[:AT_ONCE])
    LinkPreview.objects.filter(pk__in=forgotten).delete()
    for key in filter(None, forgotten.values()):
        delete_file.enqueue(key)
    return len(forgotten) == AT_ONCE

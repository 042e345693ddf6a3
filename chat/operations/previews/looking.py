"""What stands behind one link: its page and its image, in so many seconds altogether."""

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from chat.operations.files.pictures import Unreadable
from chat.operations.previews.charsets import text_of
from chat.operations.previews.fetching import Answer, Fetcher, Limit
from chat.operations.previews.images import Small, small
from chat.operations.previews.pages import SITE_CHARACTERS, Facts, facts, has_head, plain
from chat.operations.previews.targets import NotFetched, target
from chat.protocol.errors import RateLimited

SECONDS: Final = 8.0
PAGE_BYTES: Final = 512 * 1024
IMAGE_BYTES: Final = 5 * 1024 * 1024
PAGE: Final = Limit(("text/html", "application/xhtml+xml"), PAGE_BYTES, whole=False, enough=has_head)
IMAGE: Final = Limit(("image/",), IMAGE_BYTES, whole=True)


@dataclass(frozen=True)
class Look:
    """What a card shows; `title` and `description` may be empty, `image` is made anew."""

    title: str
    description: str
    site: str
    image: Small | None


async def look(url: str) -> Look:
    """Raises NotFetched when there is nothing to be shown, RateLimited when it may be tried again later."""
    fetcher = Fetcher(settings.PREVIEWS_ALLOW_PRIVATE)
    end = asyncio.get_running_loop().time() + SECONDS
    try:
        try:
            async with asyncio.timeout_at(end):
                came = await fetcher.get(target(url), PAGE, IMAGE)
        except TimeoutError:
            raise NotFetched(f"not there in {SECONDS:.0f} s") from None
        if came.type.startswith("image/"):
            return await _of_image(url, came)
        return await _of_page(url, came, fetcher, end)
    finally:
        await fetcher.close()


async def _of_image(url: str, came: Answer) -> Look:
    try:
        return Look("", "", _host(url), await asyncio.to_thread(small, came.data))
    except Unreadable as error:
        raise NotFetched(f"no image: {error}") from None


async def _of_page(url: str, came: Answer, fetcher: Fetcher, end: float) -> Look:
    said = await asyncio.to_thread(lambda: facts(text_of(came.data, came.charset)))
    image = await _image(said, came, fetcher, end) if said.image else None
    if not said.title and image is None:
        raise NotFetched("a page that says nothing of itself")
    return Look(said.title, said.description, said.site or _host(url), image)


async def _image(said: Facts, came: Answer, fetcher: Fetcher, end: float) -> Small | None:
    """None for one that cannot be had: the words are worth showing without it."""
    try:
        async with asyncio.timeout_at(end):
            answer = await fetcher.get(came.target.joined(said.image), IMAGE)
        return await asyncio.to_thread(small, answer.data)
    except (TimeoutError, NotFetched, RateLimited, Unreadable):
        return None


def _host(url: str) -> str:
    return plain((urlsplit(url).hostname or "").removeprefix("www."), SITE_CHARACTERS)

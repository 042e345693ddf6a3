"""Files as answers: whatever they hold, a browser does nothing with them but show or save them."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import IO, Any, Final, cast
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from chat.models import Upload
from chat.operations.files.kinds import IMAGES, IN_PLACE, PDF
from chat.protocol.errors import Conflict

POLICY: Final = "sandbox; default-src 'none'"
PDF_POLICY: Final = "default-src 'none'; frame-ancestors 'self'"
"""A page of ours may show it, by the browser's own viewer, which some give nothing that is in a sandbox."""
KEPT_SECONDS: Final = 365 * 24 * 3600
"""What stands at an address never changes."""
CHUNK_BYTES: Final = 64 * 1024
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file(request: HttpRequest, upload: Upload) -> HttpResponseBase:
    """Raises Conflict while the image is being made ready: what came may tell where it was taken."""
    if not upload.ready and upload.type in IMAGES.values():
        raise Conflict("this image is not ready yet", retry_after=1)
    response = _answer(request, upload.key, upload.type)
    name = content_disposition_header(upload.type not in IN_PLACE, upload.name)
    if name is not None:
        response["Content-Disposition"] = name
    if upload.type == PDF:
        response["Content-Security-Policy"] = PDF_POLICY
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def webp(request: HttpRequest, key: str) -> HttpResponseBase:
    """An image that was made here."""
    return _answer(request, key, "image/webp")


def _answer(request: HttpRequest, key: str, type: str) -> HttpResponseBase:
    response = HttpResponse() if settings.FILES_ACCEL else _streamed(request, key)
    if settings.FILES_ACCEL:
        response["X-Accel-Redirect"] = settings.FILES_ACCEL + quote(key)
    response["Content-Type"] = f"{type}; charset=utf-8" if type == "text/plain" else type
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    response["Accept-Ranges"] = "bytes"
    return response


def _streamed(request: HttpRequest, key: str) -> HttpResponse | StreamingHttpResponse:
    """All of it, or the one range that is asked for (RFC 9110, section 14)."""
    opened = storages["files"].open(key)
    size = opened.size
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = _bounds(asked[1], asked[2], size) if asked else (0, size - 1)
    if first > last:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    opened.seek(first)
    response = StreamingHttpResponse(_pieces(opened, last - first + 1), status=206 if asked else 200)
    response["Content-Length"] = str(last - first + 1)
    if asked:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    cast(Any, response)._resource_closers.append(opened.close)
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte of a range; the last one less than the first when there is none of it."""
    if not first:
        return (max(0, size - int(last)), size - 1) if last else (0, -1)
    return int(first), min(int(last), size - 1) if last else size - 1


async def _pieces(opened: IO[bytes], left: int) -> AsyncIterator[bytes]:
    while left > 0:
        piece = await asyncio.to_thread(opened.read, min(CHUNK_BYTES, left))
        if not piece:
            return
        left -= len(piece)
        yield piece

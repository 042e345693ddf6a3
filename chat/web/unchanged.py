"""Pages that a browser may have already: 304 tells it so, before anything is rendered.

The ETag is a digest of everything that the page shows, as it was read. What nothing tells of, such as a new name of
somebody, is in it because it was read, too.
"""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import django
import msgspec
from django.apps import apps
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template import engines
from django.utils import timezone
from django.utils.cache import get_conditional_response


def etag(request: HttpRequest, *shown: Any) -> str | None:
    """The ETag of a page that shows this, in the reader's time zone and to the bearer of their CSRF cookie.

    None for one that nobody is to have twice: with a word that is said once, or while templates are worked on.
    """
    if settings.DEBUG or request.method not in ("GET", "HEAD") or len(get_messages(request)):
        return None
    if "CSRF_COOKIE" not in request.META:
        get_token(request)
    # Day labels name the year when it is another than this one.
    moment = (timezone.get_current_timezone_name(), timezone.localdate().year)
    seen = msgspec.msgpack.encode((request.get_full_path(), request.META["CSRF_COOKIE"], *moment, *shown))
    # Keyed, for it goes out, and must not help to guess what it is made of. Weak: each answer masks the token anew.
    key = settings.SECRET_KEY.encode()[:64]
    return f'W/"{blake2b(deployed() + seen, digest_size=16, key=key).hexdigest()}"'


def not_modified(request: HttpRequest, etag: str | None) -> HttpResponseBase | None:
    """The 304, if this is what the browser has."""
    if etag is None:
        return None
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is not None:
        response["ETag"] = etag
    return response


@cache
def deployed() -> bytes:
    """A digest of the code, the templates, the names of the static files and what settings pages tell."""
    digest = blake2b(f"{django.__version__} {settings.POSTS_PER_10S}".encode(), digest_size=16)
    for folder in (Path(apps.get_app_config("chat").path), *map(Path, engines["django"].dirs)):
        for file in sorted(each for each in folder.rglob("*") if each.suffix in (".py", ".html", ".svg")):
            digest.update(file.read_bytes())
    digest.update(str(sorted(getattr(staticfiles_storage, "hashed_files", {}).items())).encode())
    return digest.digest()

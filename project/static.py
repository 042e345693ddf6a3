"""Static files: hashed names for ever, served by WhiteNoise without a thread of their own."""

from pathlib import Path, PurePath
from typing import Any, Final

import minify
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Minified:
    """A storage whose own scripts and styles are read without what only people read in them."""

    types: Final = {".js": "application/javascript", ".css": "text/css"}

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, name: str) -> File:
        found = self._storage.open(name)
        media = self.types.get(PurePath(name).suffix)
        if media is None or not self._is_ours(name):
            return found
        with found:
            return ContentFile(minify.string(media, found.read().decode()).encode(), name)

    def _is_ours(self, name: str) -> bool:
        """Libraries come as they are wanted."""
        return Path(self._storage.path(name)).is_relative_to(settings.BASE_DIR / "static")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Minifies, and renames what ES modules import, too: `import "./x.js"` becomes `import "./x.1f3a….js"`."""

    support_js_module_import_aggregation = True
    # A pass settles one level of imports; modules may go deeper than the default of 5.
    max_post_process_passes = 20

    def post_process(self, paths: Any, dry_run: bool = False, **options: Any) -> Any:
        wrapped = {name: (Minified(storage), path) for name, (storage, path) in paths.items()}
        return super().post_process(wrapped, dry_run, **options)


class AppFiles(AppDirectoriesFinder):
    """Without what no page of ours asks for: most of it would be another browser of API documents."""

    def list(self, ignore_patterns: Any) -> Any:
        unused = ["redoc", "swagger-ui-standalone-preset.js*", "oauth2-redirect.*"]
        return super().list([*(ignore_patterns or ()), *unused])


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise alone is synchronous, so that every asynchronous view behind it would keep a thread waiting."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self.answer_async(request)
        return super().__call__(request)

    async def answer_async(self, request: HttpRequest) -> Any:
        find = self.find_file if self.autorefresh else self.files.get
        static_file = find(request.path_info)
        return await self.get_response(request) if static_file is None else self.serve(static_file, request)

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Read whole: they are small, and a streamed file costs ASGI a thread hop for every piece."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
        return HttpResponse(body, status=int(found.status), headers=dict(found.headers))

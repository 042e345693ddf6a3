"""`manage.py serve`: the production server on HOST:PORT, until SIGTERM or SIGINT."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Serves Parley on HOST:PORT until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.WORKERS > 1 and not settings.REDIS_URLS:
            raise CommandError(
                f"WORKERS is {settings.WORKERS}, but takes 1 without REDIS_URL: "
                "processes that share no channel layer do not hear each other"
            )
        if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
            raise CommandError(f"{settings.STATIC_ROOT} holds no static files: run manage.py collectstatic first")
        # The deployment stands above the app, so that the app cannot import it.
        run = import_string(settings.PRODUCTION_SERVER)
        sys.exit(
            run(
                host=settings.HOST,
                port=settings.PORT,
                passed=settings.LISTEN_FD,
                workers=settings.WORKERS,
                trusted_proxies=settings.TRUSTED_PROXIES,
            )
        )

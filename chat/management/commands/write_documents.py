"""`manage.py write_documents`: docs/api/, made from the code."""

from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand

from chat.api import documents


class Command(BaseCommand):
    help = "Writes the OpenAPI and AsyncAPI documents to docs/api."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, document in (("openapi", documents.openapi()), ("asyncapi", documents.asyncapi())):
            path = Path(settings.BASE_DIR, "docs", "api", f"{name}.json")
            path.write_bytes(msgspec.json.format(document, indent=1) + b"\n")
            self.stdout.write(str(path))

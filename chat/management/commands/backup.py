"""`manage.py backup FILE`: everything that this installation must not lose, while it runs."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from chat.management.backups import archive, databases


class Command(BaseCommand):
    help = (
        "Writes the database as it is at one moment, the secret key, and the files that people sent to FILE. Nobody "
        "waits for it. Whoever has the file can read everything, and sign in as anybody."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.parent.is_dir():
            raise CommandError(f"{file.parent} is no folder")
        manifest = archive.Manifest(made_at=datetime.now(UTC).isoformat(timespec="seconds"), engine=connection.vendor)
        try:
            # Beside the backup there is room for a backup; not everywhere in /tmp.
            with tempfile.TemporaryDirectory(prefix=".parley-backup-", dir=file.parent) as folder:
                dump = Path(folder) / "database"
                databases.dump(dump)
                archive.write(file, manifest, dump, settings.PARLEY_DATA)
        except (databases.Failed, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:,.1f} MB, as of {manifest.made_at}")

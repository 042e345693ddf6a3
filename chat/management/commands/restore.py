"""`manage.py restore FILE`: a backup in the place of what is here."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from chat.management.backups import archive, databases
from chat.models import Message, Room, User
from chat.models.access import new_epoch


class Command(BaseCommand):
    help = (
        "Puts the backup FILE in the place of the database, the secret key and the files. A new epoch begins: clients "
        "load what there is, and send again what they had sent since the backup and nobody acknowledged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="also when the database holds people")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        if not replace and _holds_people():
            raise CommandError("this database holds people: --replace gives all of it up for what is in the backup")
        data: Path = settings.PARLEY_DATA
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as folder:
            unpacked = Path(folder)
            try:
                manifest = archive.read(file, unpacked)
                if manifest.engine != connection.vendor:
                    raise CommandError(f"{file} is of {manifest.engine}, this database is {connection.vendor}")
                connection.close()
                databases.load(unpacked / archive.DATABASE, new_epoch())
            except (archive.Broken, databases.Failed) as error:
                raise CommandError(str(error)) from None
            for name in archive.KEPT:
                _put(unpacked / name, data / name)
        call_command("migrate", verbosity=0)  # the backup may be older than this Parley
        self.stdout.write(
            f"{User.objects.count():,} people, {Room.objects.count():,} rooms and {Message.objects.count():,} messages "
            f"as of {manifest.made_at}. Start the nodes again where they ran with another secret key."
        )


def _holds_people() -> bool:
    try:
        return User.objects.exists()
    except DatabaseError:  # no tables yet
        return False


def _put(source: Path, target: Path) -> None:
    """Moves a file or folder to its place. A file that is there and not in the backup stays: it does no harm."""
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        source.replace(target)

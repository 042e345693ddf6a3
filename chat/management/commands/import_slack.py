"""`manage.py import_slack FILE.zip`: people, rooms and messages from the export of a Slack workspace."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from chat.management.slack.archive import Archive, Broken
from chat.management.slack.transfer import transfer


class Command(BaseCommand):
    help = (
        "Imports the zip file of a Slack export. Run twice, nothing doubles; stopped and run again, it completes. "
        "What is broken in the file is named, and the rest imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            archive = Archive(file)
        except Broken as error:
            raise CommandError(str(error)) from None
        began = time.monotonic()
        total = sum(archive.size(name) for folder in archive.folders for name in archive.days(folder))
        messages = 0
        with tqdm(total=total, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

            def progress(read: int, imported: int) -> None:
                nonlocal messages
                messages += imported
                bar.set_postfix_str(f"{messages:,} messages", refresh=False)
                bar.update(read)

            def complain(problem: str) -> None:
                tqdm.write(problem, file=sys.stderr)

            try:
                summary = transfer(archive, complain, progress)
            except KeyboardInterrupt:
                raise CommandError("stopped; run it again to go on", returncode=130) from None
            finally:
                archive.close()
        self.stdout.write(summary.worded(time.monotonic() - began))
        if summary.problems:
            raise CommandError(f"{summary.problems:,} problems, named above; the rest is imported")

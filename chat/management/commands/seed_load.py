"""`manage.py seed_load`: members of a room with their access tokens, for load tests."""

import argparse
import os
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.operations.seeding import MOST_USERS, seed
from chat.protocol.errors import Refused

LIFETIME_MINUTES: Final = 60
MOST_MINUTES: Final = 30 * 24 * 60


class Command(BaseCommand):
    help = (
        "Makes members of a room for a load test, and writes one access token a line for each. Run again, it tops "
        "the room up and writes new tokens. It refuses a database that holds people whom it did not make."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--users", type=_whole(MOST_USERS), required=True, metavar="N", help="how many, load-SLUG-00001 onwards"
        )
        parser.add_argument("--room", required=True, metavar="SLUG", help="made, open, when there is none")
        parser.add_argument(
            "--tokens", type=_writable, required=True, metavar="FILE", help="readable by its owner only"
        )
        parser.add_argument(
            "--lifetime",
            type=_whole(MOST_MINUTES),
            default=LIFETIME_MINUTES,
            metavar="MINUTES",
            help=f"of the tokens (default {LIFETIME_MINUTES})",
        )

    def handle(self, *args: Any, users: int, room: str, tokens: Path, lifetime: int, **options: Any) -> None:
        try:
            lines = seed(slug=room, users=users, lifetime=timedelta(minutes=lifetime))
        except Refused as refused:
            where = f"--{refused.field}: " if refused.field else ""
            raise CommandError(f"{where}{refused.detail}") from None
        with open(tokens, "w", encoding="ascii", opener=_private) as file:
            file.writelines(f"{line}\n" for line in lines)
        self.stdout.write(f"{users:,} members in {room}; their tokens are good for {lifetime:,} minutes")


def _whole(most: int) -> Any:
    """The type of an argument that takes whole numbers from 1 to `most`."""

    def parse(text: str) -> int:
        if text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {most:,}")

    return parse


def _writable(text: str) -> Path:
    """Looked at before anybody is made, who would otherwise be left without tokens."""
    path = Path(text)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} is no file that can be written")
    return path


def _private(path: str, flags: int) -> int:
    file = os.open(path, flags, 0o600)
    os.fchmod(file, 0o600)  # of a file that was there already
    return file

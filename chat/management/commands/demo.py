"""`manage.py demo`: a small team and its talk, for a first look."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from chat.management.demo.filling import fill
from chat.protocol.errors import BadRequest, Conflict


class Command(BaseCommand):
    help = "Fills an empty Parley with a small team and a few days of talk, for a first look."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="for everybody in the team; made up and printed when it is not given")

    def handle(self, *args: Any, password: str | None, **options: Any) -> None:
        chosen = password or secrets.token_urlsafe(9)
        try:
            owner = fill(chosen, timezone.now())
        except Conflict:
            raise CommandError("somebody is here already: the demo fills only an empty Parley") from None
        except BadRequest as refused:
            raise CommandError(f"{refused.field}: {refused.detail}") from None
        self.stdout.write(
            f"Sign in as {owner.username}, the owner, with the password {chosen}\n"
            "Everybody else in the team has the same one: priya, chen.yu, olena, …"
        )

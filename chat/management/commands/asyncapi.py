"""`manage.py asyncapi`: the socket as an AsyncAPI document, on standard output."""

from typing import Any

import msgspec
from django.core.management.base import BaseCommand

from chat.protocol.asyncapi import document


class Command(BaseCommand):
    help = "Prints the AsyncAPI document of the socket."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(msgspec.json.format(msgspec.json.encode(document()), indent=1).decode())

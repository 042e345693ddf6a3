"""`python -m benchmarks.servers.furnish TOKENS '[["hall", 500], …]'`: makes an empty PARLEY_DATA ready to be served.

The commands that an operator would call, in one process: Django starts once for all of them.
"""

import json
import os
import sys
from itertools import chain
from pathlib import Path
from typing import Final

import django
from django.core.management import call_command

# Longer than any benchmark keeps a server.
LIFETIME_MINUTES: Final = 600


def main(tokens: Path, seed: list[tuple[str, int]]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    rooms = []
    for slug, users in seed:
        options = ["--users", str(users), "--room", slug, "--tokens", str(tokens)]
        call_command("seed_load", *options, "--lifetime", str(LIFETIME_MINUTES))
        rooms.append(tokens.read_text().splitlines())
    # Members of all rooms in turn, so that any number of first lines is spread over them.
    tokens.write_text("".join(f"{token}\n" for token in chain(*zip(*rooms, strict=True))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))

"""`python -m benchmarks.steps FILE [--quick]`: measures each step once, in an empty PARLEY_DATA; JSON into FILE."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path

import django
import uvloop
from django.core.management import call_command

from benchmarks.steps.way import Place

ROOMS, MEMBERS = 20, 5
HANGS_SECONDS = 300.0


def main(output: Path, quick: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    django.setup()
    from benchmarks.steps import storing
    from project import interpreter

    places = furnish()
    interpreter.tune()
    less = 10 if quick else 1
    found = storing.measure(places, calls=20_000 // less, posts=4_096 // less)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found |= runner.run(with_loop(places[0], less))
    output.write_text(json.dumps(found))


def furnish() -> list[Place]:
    """Rooms with members, as for the workload `ingest`. Returns where posts may come from, the rooms in turn."""
    from chat.models import Membership
    from chat.operations.seeding import seed

    call_command("migrate", verbosity=0)
    for number in range(1, ROOMS + 1):
        seed(slug=f"room-{number:02}", users=MEMBERS, lifetime=timedelta(hours=1))
    pairs = list(Membership.objects.order_by("room", "user").values_list("room", "user"))
    return [pairs[room * MEMBERS + member] for member in range(MEMBERS) for room in range(ROOMS)]


async def with_loop(place: Place, less: int) -> dict[str, dict[str, float]]:
    from benchmarks.steps import engine, sockets

    async with asyncio.timeout(HANGS_SECONDS):
        return await engine.measure(place, calls=2_000 // less) | await sockets.measure(
            place, sockets=500 // less, rounds=40, frames=3_000 // less
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__)
    parser.add_argument("output", type=Path, metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    options = parser.parse_args()
    main(options.output, options.quick)

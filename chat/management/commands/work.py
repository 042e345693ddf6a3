"""`manage.py work`: background tasks in a process of their own, until SIGTERM or SIGINT."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from chat.streams import running
from chat.tasks.worker import Worker


class Command(BaseCommand):
    help = "Runs background tasks until SIGTERM or SIGINT. Servers beside it may leave them alone: TASKS_IN_SERVER=off."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work())


async def work() -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await running.hub()
    worker = Worker()
    worker.start()
    print("Parley works in the background", flush=True)
    await ended.wait()
    running.retire()
    await worker.stop()
    await running.stop()

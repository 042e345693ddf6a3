"""Many who ask the same thing at the same time are answered by one query: group commit's counterpart for reads."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from django.db import InterfaceError, OperationalError

from chat.streams import database

K = TypeVar("K")
V = TypeVar("V")

MAX_GATHERED: Final = 128
GATHER_SECONDS: Final = 0.005
"""How long those who come in a crowd wait for each other: a query for twenty costs little more than for two."""
TURN_ANSWERS: Final = 8
"""How many go on in one turn of the event loop: each has half a millisecond of work before it."""


class Gatherer(Generic[K, V]):
    """Awaited with a key, gives its value.

    `ask` is called in a reader thread and gives one outcome a key: a value, or the exception that this key raises.
    While it runs, the keys that arrive wait together and become the next call. Who comes alone waits for nobody.
    """

    def __init__(self, ask: Callable[[Sequence[K]], Sequence[V | Exception]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[V] = loop.create_future()
        self._waiting.append((key, future))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._answer())
        return await future

    async def _answer(self) -> None:
        batch: list[tuple[K, asyncio.Future[V]]] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_GATHERED], self._waiting[MAX_GATHERED:]
                outcomes = await database.read(self._outcomes, [key for key, _ in batch])
                for number, ((_, future), outcome) in enumerate(zip(batch, outcomes, strict=True), 1):
                    if future.done():  # whoever waited has gone
                        continue
                    if isinstance(outcome, Exception):
                        future.set_exception(outcome)
                    else:
                        future.set_result(outcome)
                    if number % TURN_ANSWERS == 0:
                        await asyncio.sleep(0)
                if len(batch) > 1:
                    await asyncio.sleep(GATHER_SECONDS)
        except BaseException:  # the loop ends, or there is no thread left to ask in
            for _, future in [*batch, *self._waiting]:
                future.cancel()
            self._waiting = []
            raise

    def _outcomes(self, keys: Sequence[K]) -> Sequence[V | Exception]:
        """One outcome a key; when the question fails as a whole, each is asked alone, unless the database is away."""
        try:
            return self._ask(keys)
        except Exception as error:
            if len(keys) == 1 or isinstance(error, OperationalError | InterfaceError):
                return [error] * len(keys)
            return [self._outcomes([key])[0] for key in keys]

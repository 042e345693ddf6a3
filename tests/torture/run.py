"""One run: people who talk and listen, faults that come and go, and what was seen of each."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.cast import Cast
from tests.torture.checker import Findings, Send, check
from tests.torture.installation import Installation
from tests.torture.member import Member
from tests.torture.proxy import Proxy

RECOVER_SECONDS = 90.0


class Failed(Exception):
    """It did not come to rest, or did not hold a bound; the message says what was seen."""


class Exceeded(Failed):
    """A bound was not held, but it came to rest: the run goes on."""


@dataclass
class Seen:
    """What one fault did, over all the times that it was made."""

    times: int = 0
    lives: list[float] = field(default_factory=list)
    """Seconds from the fault until a member that it had cut off was live again."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the `ok` of a message until another member heard it."""
    resends: int = 0
    sent: int = 0
    memory: int = 0
    """Of the biggest node, in bytes."""


class Run:
    """Every member posts `per_second` messages; all listen in all rooms. Mallory is in none."""

    def __init__(self, installation: Installation, cast: Cast, *, members: int, per_second: float) -> None:
        self.installation = installation
        self.cast = cast
        self.rooms = list(cast.rooms)
        self.per_second = per_second
        self.proxies: list[Proxy] = []
        self.endpoints: Callable[[], Sequence[str]] = lambda: [
            proxy.url for proxy in self.proxies if not proxy.weather.closed
        ]
        names = [name for name in cast.ids if name != "mallory"][:members]
        self.members = [self._member(name, self.rooms) for name in names]
        self.outsider = self._member("mallory", self.rooms[:1])

    def _member(self, name: str, rooms: list[str]) -> Member:
        return Member(self.cast.ids[name], self.cast.tokens[name], lambda: random.choice(self.endpoints()), rooms)

    @property
    def everybody(self) -> list[Member]:
        return [*self.members, self.outsider]

    async def start(self) -> None:
        ports = [node.port for node in self.installation.nodes]
        for node in self.installation.nodes:
            self.proxies.append(await Proxy(node.port, ports).start())
        for member in self.everybody:
            member.start()
        await self.until(self.all_live, "everybody is there")
        for member in self.members:
            member.talk(self.per_second)

    async def stop(self) -> None:
        for member in self.everybody:
            await member.end()
        for proxy in self.proxies:
            await proxy.stop()

    # Waiting --------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = RECOVER_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            for member in self.everybody:
                if member.stopped is not None:
                    raise Failed(f"{member.user} gave up: {member.stopped}")
            if time.monotonic() > deadline:
                raise Failed(f"after {seconds:.0f} s it is still not so that {what}\n{self.state()}")
            await asyncio.sleep(0.02)

    def state(self) -> str:
        lines = [
            f"{member.user}: live={member.live.is_set()} waiting={member.waiting} closes={member.closes[-3:]}"
            for member in self.everybody
        ]
        return "\n".join(lines)

    @property
    def acknowledged(self) -> int:
        return sum(send.outcome == "ok" for member in self.members for send in member.sends)

    def all_live(self) -> bool:
        return all(member.live.is_set() for member in self.everybody)

    async def recovered(self) -> None:
        """Everybody is live, and everything that had been said by now is answered and heard by all."""
        await self.until(self.all_live, "everybody is live")
        said = {id(send) for member in self.members for send in member.unanswered}
        await self.until(
            lambda: not any(id(send) in said for member in self.members for send in member.unanswered),
            "every message is answered",
        )
        await self._heard(
            {f"room:{room}": max(member.newest.get(room, 0) for member in self.members) for room in self.rooms}
        )

    async def rest(self) -> None:
        """Nobody talks any more, and all is said and heard."""
        for member in self.members:
            member.hush()
        await self.until(lambda: not any(member.waiting for member in self.members), "every message is answered")
        stored = self.installation.stored()
        await self._heard({f"room:{room}": len(stored[f"room:{room}"]) for room in self.rooms})

    async def _heard(self, heads: dict[str, int]) -> None:
        await self.until(
            lambda: all(
                (member.journal.position(stream) or 0) >= head
                for member in self.members
                for stream, head in heads.items()
            ),
            "everybody has heard everything",
        )

    def check(self) -> Findings:
        inside = {f"room:{room}": {member.user for member in self.members} for room in self.rooms}
        return check(
            [send for member in self.everybody for send in member.sends],
            [member.journal for member in self.everybody],
            self.installation.stored(),
            inside,
        )

    # Looking --------------------------------------------------------------------------------------

    async def meet(self, fault: Callable[[Run], Awaitable[None]], seen: Seen) -> None:
        """Makes one fault, waits until it is overcome, and notes what was seen."""
        before = time.monotonic()
        closes = {member: len(member.closes) for member in self.members}
        lives = {member: len(member.lives) for member in self.members}
        sends = {member: len(member.sends) for member in self.members}
        resends = sum(member.resends for member in self.members)
        for member in self.members:
            member.heard_at.clear()
        for member in self.everybody:
            member.attempt = 0
        await fault(self)
        await self.recovered()
        seen.times += 1
        for member in self.members:
            if len(member.closes) > closes[member]:
                again = [at for at in member.lives[lives[member] :] if at > before]
                seen.lives += [again[-1] - before] if again else []
        fresh = [send for member in self.members for send in member.sends[sends[member] :]]
        seen.delays += self._delays(fresh)
        seen.sent += len(fresh)
        seen.resends += sum(member.resends for member in self.members) - resends
        seen.memory = max([seen.memory, *(node.memory() for node in self.installation.nodes if node.process)])

    def _delays(self, sends: list[Send]) -> list[float]:
        found = []
        for send in sends:
            if send.seq is None or send.answered_at is None:
                continue
            place = (f"room:{send.room}", send.seq)
            heard = [member.heard_at[place] for member in self.members if place in member.heard_at]
            if heard:
                found.append(max(0.0, max(heard) - send.answered_at))
        return found

    @contextmanager
    def watching(self, rooms: Sequence[str]) -> Iterator[list[float]]:
        """Gathers how long posts to these rooms wait for their `ok`, in seconds."""
        times: list[float] = []
        marks = {member: len(member.sends) for member in self.members}
        yield times
        for member in self.members:
            for send in member.sends[marks[member] :]:
                if send.room in rooms and send.answered_at is not None:
                    times.append(send.answered_at - send.said_at)


def quantile(values: Sequence[float], share: float) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

"""The pauses between tries."""

from __future__ import annotations

from parley_client.backoff import Backoff
from parley_client.closing import Verdict, verdict_on


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def backoff(clock: Clock | None = None) -> Backoff:
    """One that always draws the ceiling."""
    return Backoff(clock or Clock(), uniform=lambda low, high: high)


def test_the_ceiling_doubles_up_to_thirty_seconds() -> None:
    pauses = backoff()
    assert [pauses.next() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_it_is_drawn_from_nothing_on() -> None:
    drawn = []
    pauses = Backoff(Clock(), uniform=lambda low, high: drawn.append((low, high)) or low)
    pauses.next()
    pauses.next()
    assert drawn == [(0, 0.5), (0, 1.0)]


def test_thirty_seconds_of_stability_set_it_back() -> None:
    clock = Clock()
    pauses = backoff(clock)
    pauses.next(), pauses.next()
    pauses.connected()
    clock.now += 29.9
    assert pauses.next() == 2
    pauses.connected()
    clock.now += 30
    assert pauses.next() == 0.5


def test_it_goes_on_for_ever() -> None:
    pauses = backoff()
    for _ in range(3_000):
        pauses.next()
    assert pauses.next() == 30


def test_close_codes_are_those_of_the_table() -> None:
    assert {verdict_on(code) for code in (1000, 1001, 1006, 1011, 1012, 1013, 4408, 4413, 4429)} == {Verdict.RETRY}
    assert {verdict_on(code) for code in (4400, 1002, 1003, 1007, 1008, 1009)} == {Verdict.BROKEN}
    assert (verdict_on(4401), verdict_on(4403)) == (Verdict.REFRESH, Verdict.REVOKED)

"""At most so many acts in any window."""

from __future__ import annotations

import pytest

from chat.protocol.errors import RateLimited
from chat.streams.rates import SlidingWindow, TokenBucket


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_limit_is_reached_and_passes(clock: Clock) -> None:
    window = SlidingWindow(3, 10, "posts", clock)
    for _ in range(3):
        window.count("ada")
        clock.now += 2
    with pytest.raises(RateLimited) as caught:
        window.count("ada")
    assert caught.value.retry_after == pytest.approx(4)
    assert "3 posts in 10 s" in caught.value.detail
    clock.now += 4
    window.count("ada")
    with pytest.raises(RateLimited):
        window.count("ada")


def test_no_ten_seconds_hold_more_wherever_they_begin(clock: Clock) -> None:
    window = SlidingWindow(5, 10, "posts", clock)
    done: list[float] = []
    for _ in range(400):
        try:
            window.count("ada")
            done.append(clock.now)
        except RateLimited:
            pass
        clock.now += 0.31
    assert all(later - earlier >= 10 for earlier, later in zip(done, done[5:], strict=False))
    assert len(done) > 55, "and what may be done, may"


def test_a_refused_act_is_not_counted(clock: Clock) -> None:
    window = SlidingWindow(1, 10, "posts", clock)
    window.count("ada")
    for _ in range(5):
        clock.now += 1.9
        with pytest.raises(RateLimited):
            window.count("ada")
    clock.now += 0.6
    window.count("ada")


def test_everybody_has_their_own(clock: Clock) -> None:
    window = SlidingWindow(1, 10, "posts", clock)
    window.count("ada")
    window.count("bob")


def test_who_has_gone_is_forgotten(clock: Clock) -> None:
    window = SlidingWindow(1, 10, "posts", clock)
    for number in range(1_000):
        window.count(number)
    clock.now += 11
    window.count("ada")
    assert len(window._acts) == 1


def test_a_bucket_is_empty_after_its_limit_and_fills_again(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr("chat.streams.rates.time.monotonic", clock)
    bucket = TokenBucket(5, 10)
    assert [bucket.take() for _ in range(7)] == [True] * 5 + [False] * 2
    clock.now += 4
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.now += 1_000
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]

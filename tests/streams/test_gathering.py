"""Many who ask at the same time, answered by one query."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from chat.streams.gathering import TURN_ANSWERS, Gatherer


class Question:
    """Doubles numbers in a reader thread; holds a call back while `gate` is closed. `calls` are the keys of each."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()

    def __call__(self, keys: Sequence[int]) -> list[int | Exception]:
        self.calls.append(list(keys))
        self.asked.set()
        assert self.gate.wait(10)
        if 0 in keys:
            raise OperationalError("away")
        if 13 in keys:
            raise TypeError("unlucky")
        return [ValueError(key) if key < 0 else 2 * key for key in keys]


@pytest.fixture
def question() -> Question:
    return Question()


async def test_one_who_asks_alone_is_answered_at_once(question: Question) -> None:
    assert await Gatherer(question)(3) == 6


async def test_those_who_come_meanwhile_are_answered_together(question: Question) -> None:
    double = Gatherer(question)
    question.gate.clear()
    first = asyncio.create_task(double(1))
    await asyncio.to_thread(question.asked.wait, 10)
    others = [asyncio.create_task(double(number)) for number in range(2, 7)]
    while len(double._waiting) < len(others):  # noqa: ASYNC110 - until all of them have asked
        await asyncio.sleep(0)
    question.gate.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10, 12]
    assert question.calls == [[1], [2, 3, 4, 5, 6]]


async def test_an_outcome_that_is_an_exception_is_raised_to_its_asker_alone(question: Question) -> None:
    double = Gatherer(question)
    good, bad = await asyncio.gather(double(1), double(-1), return_exceptions=True)
    assert (good, type(bad)) == (2, ValueError)


async def test_a_key_that_breaks_the_question_breaks_it_for_itself_alone(question: Question) -> None:
    double = Gatherer(question)
    outcomes = await asyncio.gather(double(1), double(13), double(2), return_exceptions=True)
    assert [outcomes[0], type(outcomes[1]), outcomes[2]] == [2, TypeError, 4]


async def test_while_the_database_is_away_nobody_is_asked_for_one_by_one(question: Question) -> None:
    double = Gatherer(question)
    outcomes = await asyncio.gather(double(1), double(0), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError, OperationalError]
    assert question.calls == [[1, 0]]


async def test_who_goes_leaves_the_others_their_answers(question: Question) -> None:
    double = Gatherer(question)
    question.gate.clear()
    leaver, stayer = asyncio.create_task(double(1)), asyncio.create_task(double(2))
    await asyncio.to_thread(question.asked.wait, 10)
    leaver.cancel()
    question.gate.set()
    assert await stayer == 4


async def test_a_crowd_goes_on_in_several_turns_of_the_loop(question: Question) -> None:
    double = Gatherer(question)
    turns: list[int] = []
    turn = 0

    async def ask(number: int) -> None:
        await double(number)
        turns.append(turn)

    asked = [asyncio.create_task(ask(number)) for number in range(1, 4 * TURN_ANSWERS + 1)]
    while not all(task.done() for task in asked):
        turn += 1
        await asyncio.sleep(0)
    assert max(turns.count(each) for each in turns) == TURN_ANSWERS

"""The same bytes to many, in turns of the event loop."""

import asyncio
from collections.abc import Callable

import pytest

from chat.streams import broadcasting
from chat.streams.broadcasting import write_all


@pytest.fixture(autouse=True)
def small_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasting, "TURN_LISTENERS", 2)


def listeners(count: int, heard: list[int]) -> dict[int, Callable[[bytes], None]]:
    return {number: lambda buffer, number=number: heard.append(number) for number in range(count)}


async def test_all_are_written_to_in_order() -> None:
    heard: list[int] = []
    await write_all(listeners(5, heard), b"x")
    assert heard == [0, 1, 2, 3, 4]


async def test_others_have_turns_in_between() -> None:
    heard: list[int] = []
    seen: list[int] = []
    writing = asyncio.create_task(write_all(listeners(5, heard), b"x"))
    while not writing.done():
        await asyncio.sleep(0)
        seen.append(len(heard))
    assert {2, 4} <= set(seen)


async def test_who_leaves_or_comes_in_between_is_not_written_to() -> None:
    heard: list[int] = []
    everybody = listeners(5, heard)
    writing = asyncio.create_task(write_all(everybody, b"x"))
    while not heard:  # noqa: ASYNC110 - until the first turn
        await asyncio.sleep(0)
    del everybody[4]
    everybody[5] = lambda buffer: heard.append(5)
    await writing
    assert heard == [0, 1, 2, 3]


async def test_one_who_cannot_be_written_to_costs_the_others_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(buffer: bytes) -> None:
        raise RuntimeError("closed")

    for count in (2, 5):
        heard: list[int] = []
        await write_all({-1: fail, **listeners(count, heard)}, b"x")
        assert heard == list(range(count))
    assert capsys.readouterr().err.count("RuntimeError: closed") == 2

"""The one thread that writes lives on, whatever happens in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError

from chat.protocol.errors import Unavailable
from chat.streams import writer
from chat.streams.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thread() -> Iterator[Writer]:
    thread = Writer()
    thread.start()
    yield thread
    assert thread.drain(5)


def lose(drafts: Sequence[Any]) -> list[Any]:
    raise OperationalError("the connection is lost")


def echo(drafts: Sequence[Any]) -> list[Any]:
    return list(drafts)


def fail() -> bool:
    raise InterfaceError("connection already closed")


def test_when_the_connection_fails_while_it_is_looked_after(thread: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CALL_SECONDS", 2)
    with monkeypatch.context() as patch:
        tried = threading.Event()
        patch.setattr(writer, "IDLE_SECONDS", 0.01)
        patch.setattr(writer, "release_connection", lambda: (tried.set(), fail()))
        assert thread.call(echo, 1) == 1
        assert tried.wait(10)
    with monkeypatch.context() as patch:
        patch.setattr(writer, "outcomes_of", lambda *_: fail())
        with pytest.raises(Unavailable, match="away"):
            thread.call(lose, 2)
    assert thread.call(echo, 3) == 3


def test_too_few_outcomes_are_told_to_all(thread: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "CALL_SECONDS", 2)
    with pytest.raises(ValueError):
        thread.call(lambda drafts: [], 1)
    assert thread.call(echo, 2) == 2

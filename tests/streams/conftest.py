"""Streams without rooms and people; a writer that runs; an ear where the hub would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from chat.models import Stream
from chat.streams import publishing, writer
from chat.streams.publishing import Hint
from chat.streams.writer import Writer


@pytest.fixture
def stream(db: None) -> Stream:
    return Stream.objects.create(kind="room")


@pytest.fixture
def another(db: None) -> Stream:
    return Stream.objects.create(kind="user")


class Ear:
    """Hears what is published, as the hub of a process does."""

    def __init__(self) -> None:
        self.heard: list[Hint] = []

    def post_from_thread(self, messages: Sequence[Hint]) -> None:
        self.heard.extend(messages)


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    publishing.use(ear)
    yield ear
    publishing.use(None)


@pytest.fixture
def start_writer(transactional_db: None) -> Iterator[Callable[[], Writer]]:
    """Starts the writer of this process."""
    started: list[Writer] = []

    def start() -> Writer:
        thread = Writer()
        thread.start()
        writer.use(thread)
        started.append(thread)
        return thread

    yield start
    writer.use(None)
    for thread in started:
        assert thread.drain(30)

"""Streams without rooms and people; an ear where the hub would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from chat.models import Stream
from chat.streams import publishing
from chat.streams.publishing import Hint


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

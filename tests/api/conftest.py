"""The cast as programs, each with an access token."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Room, User
from chat.operations import posting
from chat.operations.posting import Posted
from chat.operations.rooms import create_room
from tests.support.rest import Rest, tokens_of

Say = Callable[..., Posted]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """No test inherits what another one asked or posted."""
    yield
    cache.clear()
    posting.posts_limit._acts.clear()


@pytest.fixture
def as_alice(alice: User) -> Rest:
    return Rest(tokens_of(alice).access)


@pytest.fixture
def as_bob(bob: User) -> Rest:
    return Rest(tokens_of(bob).access)


@pytest.fixture
def as_mallory(mallory: User) -> Rest:
    return Rest(tokens_of(mallory).access)


@pytest.fixture
def as_nobody(db: None) -> Rest:
    return Rest()


@pytest.fixture
def open_room(alice: User) -> Room:
    """An open room that only Alice has joined."""
    return create_room(actor=alice, name="Design", kind=Room.Kind.OPEN)


@pytest.fixture
def say() -> Say:
    """`say(alice, room, "Hello")` posts."""

    def post(sender: User, room: Room, body: str, **more: Any) -> Posted:
        posting.posts_limit._acts.clear()
        return posting.post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body, **more)

    return post


class Queries:
    """`with queries() as one: …` counts the queries of a block in `one.number`."""

    def __init__(self) -> None:
        self._capture = CaptureQueriesContext(connection)

    def __enter__(self) -> "Queries":
        self._capture.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._capture.__exit__(*error)  # type: ignore[arg-type]

    @property
    def number(self) -> int:
        return len(self._capture)


@pytest.fixture
def queries(db: None) -> type[Queries]:
    return Queries

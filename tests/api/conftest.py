"""The cast as programs, each with an access token."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from chat.models import User
from chat.operations import posting
from tests.support.rest import Rest, tokens_of


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

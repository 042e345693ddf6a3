"""The cast, and real servers."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from chat.models import Room, User
from chat.operations.rooms import create_room
from chat.streams import writer
from chat.streams.writer import Writer
from tests.support import interrupts, stores
from tests.support.cast import PASSWORD, Cast, assemble
from tests.support.server import Parley

interrupts.hear()
# Machines that run tests are busy with others of them: no example fails for its time.
hypothesis.settings.register_profile("parley", deadline=None, print_blob=True)
hypothesis.settings.load_profile("parley")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the folder for all workers of a run (tests/settings.py) removes it."""
    if os.environ.get("PARLEY_TEST_OWNER") == str(os.getpid()):
        shutil.rmtree(os.environ.pop("PARLEY_TEST_DATA"), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """The database of this process begins as a copy of the run's migrated one: migrations are run once, not by all."""
    database = settings.DATABASES["default"]
    template = stores.template()
    if "sqlite3" not in database["ENGINE"]:
        database["TEST"]["TEMPLATE"] = stores.TEMPLATE
        return False
    shutil.copy(template / "parley.sqlite3", database["TEST"]["NAME"])
    return True  # and thrown away with the run's folder


@pytest.fixture
def start_parley(tmp_path: Path) -> Iterator[Callable[..., Parley]]:
    """`start_parley(POSTS_PER_10S="5")` gives a running, empty Parley; several calls give several."""
    started: list[Parley] = []

    def start(**env: str) -> Parley:
        parley = Parley(tmp_path / f"parley-{len(started)}", env)
        started.append(parley)
        return parley.start()

    yield start
    for parley in started:
        parley.kill()


@pytest.fixture
def parley_server(start_parley: Callable[..., Parley]) -> Parley:
    return start_parley()


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


def person(username: str) -> User:
    return User.objects.create_user(username, PASSWORD, name=username.title(), email=f"{username}@example.org")


@pytest.fixture
def alice(db: None) -> User:
    """Alice owns."""
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Bob belongs."""
    return person("bob")


@pytest.fixture
def mallory(db: None) -> User:
    """Mallory does not."""
    return person("mallory")


@pytest.fixture
def room(alice: User, bob: User) -> Room:
    """A private room that Alice owns and Bob belongs to, at /rooms/board/."""
    room = create_room(actor=alice, name="Board", kind=Room.Kind.PRIVATE, members=[bob.pk])
    room.slug = "board"  # without the random end that private ones have
    room.save()
    return room


@pytest.fixture
async def fresh(start_parley: Callable[..., Parley]) -> AsyncIterator[Callable[..., Cast]]:
    """`fresh("carol", rooms=2, POSTS_PER_10S="5")` gives a cast on a server of their own."""
    casts: list[Cast] = []

    def make(*people: str, rooms: int = 1, **env: str) -> Cast:
        casts.append(assemble(start_parley(**env), *people, rooms=rooms))
        return casts[-1]

    yield make
    for cast in casts:
        await cast.leave()

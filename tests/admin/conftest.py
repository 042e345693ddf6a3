"""The cast at the desk: Alice owns the Parley, Sam may use the admin, Bob and Mallory may not."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat.models import Message, Room, User
from chat.operations import posting
from chat.operations.people import make_owner, make_staff
from chat.operations.posting import post_message
from chat.operations.rooms import create_room
from tests.admin.pages import send
from tests.conftest import person
from tests.support.cast import PASSWORD, Cast, assemble
from tests.support.server import Parley

Say = Callable[..., Message]
Queries = Callable[[str], int]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """No test inherits what another one asked or posted."""
    cache.clear()
    posting.posts_limit._acts.clear()
    yield
    posting.posts_limit._acts.clear()


@pytest.fixture
def alice(db: None) -> User:
    """Alice owns."""
    return make_owner(actor=None, user_id=person("alice").pk)


@pytest.fixture
def sam(db: None) -> User:
    """Sam helps."""
    return make_staff(actor=None, user_id=person("sam").pk)


@pytest.fixture
def open_room(alice: User, bob: User) -> Room:
    return create_room(actor=alice, name="Design", kind=Room.Kind.OPEN, members=[bob.pk])


def signed_in(user: User) -> Client:
    """A browser in which `user` has signed in by the page."""
    client = Client()
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


@pytest.fixture
def desk(alice: User) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def helper(sam: User) -> Client:
    """Sam's browser."""
    return signed_in(sam)


@pytest.fixture
def say() -> Say:
    def post(sender: User, room: Room, body: str) -> Message:
        posting.posts_limit._acts.clear()
        posted = post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body)
        return Message.objects.get(pk=posted.message_id)

    return post


@pytest.fixture
def queries(desk: Client) -> Queries:
    """`queries("/admin/chat/user/")`: how many it takes to show the page to Alice."""

    def count(address: str) -> int:
        desk.get(address)  # what a process asks once and keeps is not counted
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200, address
        return len(captured)

    return count


# On a real server -------------------------------------------------------------------------------


@pytest.fixture
def cast(parley_server: Parley) -> Cast:
    return assemble(parley_server, rooms=1)


@pytest.fixture
async def browser(parley_server: Parley, cast: Cast) -> AsyncIterator[httpx.AsyncClient]:
    """Alice's, signed in."""
    async with httpx.AsyncClient(base_url=parley_server.url, headers={"Origin": parley_server.url}) as browser:
        await browser.get("/sign-in/")
        await send(browser, "/sign-in/", {"username": "alice", "password": PASSWORD})
        assert (await browser.get("/admin/")).status_code == 200
        yield browser

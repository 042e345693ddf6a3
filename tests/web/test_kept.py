"""/kept/, pinned messages, and the way to a day."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Room, User
from chat.operations.pins import bookmark_message, pin_message
from chat.operations.posting import post_message
from chat.operations.rooms import open_direct
from tests.web.conftest import SignedIn


def say(sender: User, room: Room, body: str) -> int:
    return post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body).message_id


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return b"".join(response).decode()


@pytest.fixture
def as_bob(signed_in: SignedIn, bob: User) -> Client:
    return signed_in(bob)


def test_what_is_kept_and_pinned_is_listed(as_bob: Client, alice: User, bob: User, room: Room) -> None:
    assert "Nothing kept" in text(as_bob, "/kept/")
    assert "Nothing pinned" in text(as_bob, "/rooms/board/pins/")
    pk = say(alice, room, "The minutes")
    pin_message(actor=alice, message_id=pk, on=True)
    bookmark_message(actor=bob, message_id=pk, on=True)
    for path in ("/kept/", "/rooms/board/pins/"):
        assert f'href="/rooms/board/{pk}/"' in text(as_bob, path)
    talk = open_direct(actor=alice, other=bob)
    told = say(alice, talk, "between us")
    pin_message(actor=bob, message_id=told, on=True)
    assert f'href="/people/alice/{told}/"' in text(as_bob, "/people/alice/pins/")
    assert "message__pinned" in text(as_bob, "/rooms/board/")


def test_outsiders_see_no_pins(signed_in: SignedIn, mallory: User, alice: User, bob: User, room: Room) -> None:
    client = signed_in(mallory)
    open_direct(actor=alice, other=bob)
    for path in ("/rooms/board/pins/", "/people/alice/pins/", "/people/nobody/pins/"):
        assert client.get(path).status_code == 404, path


def test_one_goes_to_a_day(as_bob: Client, alice: User, room: Room) -> None:
    pk = say(alice, room, "today")
    today = timezone.now().date()
    assert as_bob.get(f"/rooms/board/?on={today}").headers["Location"] == f"/rooms/board/{pk}/"
    assert as_bob.get("/rooms/board/?on=2012-01-01").headers["Location"] == f"/rooms/board/{pk}/"
    assert as_bob.get("/rooms/board/?on=2100-01-01").headers["Location"] == "/rooms/board/"
    assert as_bob.get("/rooms/board/?on=soon").status_code == 400

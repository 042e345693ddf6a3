"""/search/."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.models import Room, User
from chat.operations.posting import post_message
from chat.operations.rooms import open_direct
from tests.web.conftest import SignedIn


def say(sender: User, room: Room, body: str, thread: int | None = None) -> int:
    return post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body, thread=thread).message_id


@pytest.fixture
def as_alice(signed_in: SignedIn, alice: User) -> Client:
    return signed_in(alice)


def text(client: Client, query: str) -> str:
    response = client.get("/search/", query_params={"q": query})
    assert response.status_code == 200
    return b"".join(response).decode()


def test_an_empty_search_tells_what_can_be_asked(as_alice: Client, room: Room) -> None:
    page = text(as_alice, "")
    assert "What can be asked" in page
    assert 'class="hits"' not in page


def test_what_is_found_is_marked_and_leads_there(as_alice: Client, bob: User, room: Room) -> None:
    pk = say(bob, room, "The <b>night</b> run")
    page = text(as_alice, "night")
    assert f'href="/rooms/board/{pk}/"' in page
    assert "&lt;b&gt;<mark>night</mark>&lt;/b&gt; run" in page
    assert "Bob" in page and "Board" in page


def test_a_reply_and_a_direct_talk_lead_there_too(as_alice: Client, alice: User, bob: User, room: Room) -> None:
    root = say(bob, room, "Lunch?")
    reply = say(bob, room, "At noon", thread=root)
    told = say(bob, open_direct(actor=alice, other=bob), "noon, between us")
    page = text(as_alice, "noon")
    assert f'href="/rooms/board/{reply}/"' in page
    assert f'href="/people/bob/{told}/"' in page


def test_nothing_found_and_what_cannot_be_asked_are_said(as_alice: Client, room: Room) -> None:
    assert "Nothing found" in text(as_alice, "night")
    assert "Nobody is called nobody." in text(as_alice, "from:nobody")
    assert "before takes a day" in text(as_alice, "before:soon").replace("Before", "before")


def test_more_than_a_page_goes_on(as_alice: Client, alice: User, room: Room) -> None:
    for number in range(25):
        say(alice, room, f"run {number}")
    first = as_alice.get("/search/", query_params={"q": "run"})
    page = b"".join(first).decode()
    assert page.count('class="hit"') == 20
    address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = b"".join(as_alice.get(f"/search/{address}")).decode()
    assert rest.count('class="hit"') == 5
    assert 'rel="next"' not in rest


def test_outsiders_find_nothing(signed_in: SignedIn, alice: User, mallory: User, room: Room) -> None:
    say(alice, room, "night run")
    page = text(signed_in(mallory), "night")
    assert "Nothing found" in page
    assert "/rooms/board/" not in page
    assert "You are in no room board." in text(signed_in(mallory), "night in:board")


def test_strangers_are_sent_to_the_door(client: Client, alice: User) -> None:
    assert client.get("/search/", query_params={"q": "run"}).status_code == 302

"""What a page looks like when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client
from pytest_django.asserts import assertContains

from chat.models import Room, User
from chat.protocol.errors import Unavailable
from tests.web.conftest import SignedIn


def test_what_is_not_there_says_so_in_the_own_look(alice: User, client: Client) -> None:
    assertContains(client.get("/never/was/"), "There is nothing here", status_code=404)


def test_a_foreign_form_is_refused_in_the_own_look(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/sign-in/", {"username": "alice", "password": "x"})
    assertContains(response, "The page was open for too long", status_code=403)


def test_a_database_that_is_away_is_told_as_a_pause(
    alice: User, room: Room, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise Unavailable("the database is away")

    client = signed_in(alice)
    monkeypatch.setattr("chat.web.room.perform", away)
    assertContains(client.post("/rooms/board/leave/"), "Back in a moment", status_code=503)


@pytest.mark.parametrize("error", [OperationalError("no secret host"), InterfaceError("no secret host")])
def test_a_database_that_goes_away_in_the_middle_of_a_page_is_a_pause_too(
    alice: User, room: Room, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(request: WSGIRequest, *args: Any) -> None:
        raise error

    client = signed_in(alice)
    client.raise_request_exception = False
    monkeypatch.setattr("chat.web.room.show_room", broken)
    response = client.get("/rooms/board/")
    assertContains(response, "Back in a moment", status_code=503)
    assert response["Retry-After"] == "1"
    assert "secret" not in response.content.decode()


def test_a_bug_of_ours_is_owned_and_shows_nothing_of_itself(
    alice: User, room: Room, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: WSGIRequest, *args: Any) -> None:
        raise DatabaseError("secret table")

    client = signed_in(alice)
    client.raise_request_exception = False
    monkeypatch.setattr("chat.web.room.show_room", broken)
    response = client.get("/rooms/board/")
    assertContains(response, "Something broke on our side", status_code=500)
    assert "secret table" not in response.content.decode()


def test_error_pages_need_no_script_and_no_session(client: Client, alice: User) -> None:
    text = client.get("/never/was/").content.decode()
    assert "<script" not in text
    assert "/static/css/tokens.css" in text

"""Pieces of pages that are rendered once for all who see the same."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.safestring import mark_safe
from pytest_django import Settings

from chat.models import Message, Room, User
from chat.web import markup
from chat.web.lines import KEPT_CHARACTERS, _kept_line
from chat.web.timeline import Day
from tests.web.conftest import Say, SignedIn

DAY = "chat/_day.html"


def test_equal_values_are_rendered_once() -> None:
    first = markup.kept(DAY, item=Day("2026-03-03", "Tuesday, 3 March"))
    assert markup.kept(DAY, item=Day("2026-03-03", "Tuesday, 3 March")) is first
    assert "Tuesday, 3 March" in first
    assert "Wednesday" in markup.kept(DAY, item=Day("2026-03-03", "Wednesday"))


def test_what_is_kept_is_escaped() -> None:
    assert "&lt;b&gt;" in markup.kept(DAY, item=Day("2026-03-03", "<b>"))


def test_a_template_that_is_worked_on_is_not_kept(settings: Settings) -> None:
    settings.DEBUG = True
    day = Day("2026-03-04", "Wednesday")
    assert markup.kept(DAY, item=day) is not markup.kept(DAY, item=day)


def test_a_model_is_not_taken_for_it_may_change(alice: User) -> None:
    with pytest.raises(TypeError, match=r"item of chat/_day\.html is a User"):
        markup.kept(DAY, item=alice)


def test_the_token_of_one_reader_is_never_shown_to_another() -> None:
    template = engines["django"].from_string('{% load kept %}{% kept "chat/_dialogs.html" %}')
    pages = [template.render({"csrf_token": token}) for token in ("a" * 64, "b" * 64)]
    assert pages[0].count("a" * 64) == pages[1].count("b" * 64) == 1
    assert pages[0].replace("a" * 64, "b" * 64) == pages[1]


def test_what_needs_no_token_has_none() -> None:
    piece = mark_safe("<p></p>")
    assert markup.with_token(piece, None) is piece


def test_a_message_is_rendered_once_for_all_who_read_it(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    say(alice, room, "once")
    signed_in(alice).get("/rooms/board/")
    before = _kept_line.cache_info()
    signed_in(bob).get("/rooms/board/")
    after = _kept_line.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)


def test_a_long_message_is_not_kept(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "x" * KEPT_CHARACTERS)
    before = _kept_line.cache_info()
    page = signed_in(alice).get("/rooms/board/")
    assert _kept_line.cache_info() == before
    assert Message.objects.get(pk=message.pk).html in page.content.decode()

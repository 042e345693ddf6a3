"""Long messages show only their beginning. The same as in tests/js/lib/folding.test.mjs."""

from __future__ import annotations

from chat.models import Room, User
from chat.operations.rendering import render
from chat.web.folding import is_long
from tests.web.conftest import Say, SignedIn


def test_a_message_is_long_by_its_lines_as_broken_or_as_they_wrap() -> None:
    assert not is_long(render("a\n" * 25 + "a").html)
    assert is_long(render("a\n" * 26 + "a").html)
    assert not is_long(f"<p>{'word ' * 400}</p>")
    assert is_long(f"<p>{'word ' * 440}</p>")


def test_markup_takes_no_room_and_a_row_of_a_table_is_one_line() -> None:
    head = "|a|b|\n|-|-|\n"
    assert not is_long(render(head + "|a|b|\n" * 20).html)
    assert is_long(render(head + "|a|b|\n" * 30).html)
    assert not is_long(f"<p>{'<strong>a</strong>&amp;' * 200}</p>")


def test_a_long_message_is_folded_but_where_a_link_leads_to_it(
    alice: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    message = say(alice, room, "a\n" * 40)
    browser = signed_in(alice)
    page = browser.get("/rooms/board/").content.decode()
    assert "message--long message--folded" in page
    assert 'aria-expanded="false">Show all' in page
    page = browser.get(f"/rooms/board/{message.pk}/").content.decode()
    assert "message--long" in page
    assert "message--folded" not in page
    assert 'aria-expanded="true">Show less' in page

"""The page of what a message said before."""

from __future__ import annotations

import time

import pytest

from chat.models import Room, User
from chat.operations.messages import edit_message
from chat.operations.rooms import open_direct
from chat.web.word_diff import word_diff
from tests.web.conftest import Say, SignedIn


def test_it_shows_what_each_edit_changed(alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(bob, room, "at ten <b>")
    edit_message(actor=bob, message_id=message.pk, body="at noon <b>")
    path = f"/rooms/board/{message.pk}/history/"
    for who in (alice, bob):
        page = signed_in(who).get(path).content.decode()
        assert "at <del>ten</del><ins>noon</ins> &lt;b&gt;" in page
        assert "at ten &lt;b&gt;" in page
        assert f'href="/rooms/board/{message.pk}/"' in page


def test_edited_messages_lead_there_for_who_may_see_it(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    his, hers = say(bob, room, "ten"), say(alice, room, "eleven")
    edit_message(actor=bob, message_id=his.pk, body="noon")
    edit_message(actor=alice, message_id=hers.pk, body="midnight")

    def links(who: User, path: str) -> set[int]:
        page = signed_in(who).get(path).content.decode()
        assert 'data-slot="edited" title="Edited ' in page
        return {message.pk for message in (his, hers) if f'href="/rooms/board/{message.pk}/history/"' in page}

    assert links(bob, "/rooms/board/") == {his.pk}
    assert links(alice, "/rooms/board/") == {his.pk, hers.pk}
    assert links(bob, f"/rooms/board/{hers.pk}/") == {his.pk}
    assert links(bob, f"/rooms/board/{his.pk}/thread/") == {his.pk}


def test_in_a_direct_talk_each_has_their_own(alice: User, bob: User, say: Say, signed_in: SignedIn) -> None:
    message = say(bob, open_direct(actor=alice, other=bob), "ten")
    edit_message(actor=bob, message_id=message.pk, body="noon")
    assert "<ins>noon</ins>" in signed_in(bob).get(f"/people/alice/{message.pk}/history/").content.decode()
    for who, path in (
        (bob, f"/people/bob/{message.pk}/history/"),
        (bob, f"/people/nobody/{message.pk}/history/"),
        (alice, f"/people/bob/{message.pk}/history/"),
    ):
        assert signed_in(who).get(path).status_code == 404


def test_members_and_outsiders_find_nothing(
    alice: User, bob: User, mallory: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    message = say(alice, room, "hers")
    for who in (bob, mallory):
        assert signed_in(who).get(f"/rooms/board/{message.pk}/history/").status_code == 404
    for path in (f"/rooms/other/{message.pk}/history/", f"/rooms/board/{2**70}/history/"):
        assert signed_in(alice).get(path).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("one two three", "one 2 three", "one [-two][+2] three"),
        ("one", "one more", "one[+ more]"),
        ("gone", "", "[-gone]"),
        ("a b c d", "b c x", "[-a ]b c [-d][+x]"),
        ("a" * 5, "a" * 5, "aaaaa"),
    ],
)
def test_the_difference_is_told_in_words(before: str, after: str, shown: str) -> None:
    marks = {"same": "{}", "added": "[+{}]", "removed": "[-{}]"}
    assert "".join(marks[kind].format(text) for kind, text in word_diff(before, after)) == shown


def test_no_two_texts_take_long() -> None:
    began = time.thread_time()
    for one, other in (("a " * 8_000, "b " * 8_000), ("." * 16_000, "," * 16_000), ("a b " * 240, "b b a " * 160)):
        word_diff(one, other)
    assert time.thread_time() - began < 5

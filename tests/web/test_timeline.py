"""The timeline as the server renders it: groups, days, what is new, what was edited or deleted."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from chat.models import Membership, Message, Room, User
from chat.operations.messages import delete_message, edit_message
from chat.web.timeline import Day, Line, New
from tests.web.conftest import Say, SignedIn


def shape(client: Client) -> list[str]:
    """`day`, `new`, and each message as its text's first word, with `+` when it joins the one before."""
    words = []
    for item in client.get("/rooms/board/").context["timeline"].items:
        match item:
            case Line():
                text = item.html.removeprefix("<p>").split("<")[0].split()
                words.append(("+" if item.joined else "") + (text[0] if text else "-"))
            case Day():
                words.append("day")
            case New():
                words.append("new")
    return words


def move(message: Message, **ago: int) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(**ago))


def all_read(user: User) -> None:
    Membership.objects.filter(user=user).update(read_seq=10**6)


def test_a_group_is_one_author_within_five_minutes(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    noon = timezone.now().replace(hour=12, minute=0)
    for minutes, sender, word in [(0, alice, "a"), (4, alice, "b"), (8, alice, "c"), (13, alice, "d"), (14, bob, "e")]:
        message = say(sender, room, word)
        Message.objects.filter(pk=message.pk).update(created_at=noon + timedelta(minutes=minutes))
    all_read(alice)
    assert shape(signed_in(alice)) == ["day", "a", "+b", "+c", "d", "e"]


def test_a_day_begins_in_the_zone_of_the_reader(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for minutes, word in [(-1, "a"), (1, "b")]:
        message = say(alice, room, word)
        Message.objects.filter(pk=message.pk).update(created_at=midnight + timedelta(minutes=minutes))
    all_read(alice)
    client = signed_in(alice)
    assert shape(client) == ["day", "a", "day", "b"]
    client.cookies["tz"] = "Asia/Tokyo"
    assert shape(client) == ["day", "a", "+b"]


def test_what_is_new_begins_at_the_first_unread_of_somebody_else(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    read = say(alice, room, "read")
    Membership.objects.filter(user=bob, room=room).update(read_seq=read.seq)
    say(bob, room, "mine")
    say(alice, room, "unread")
    say(alice, room, "more")
    assert shape(signed_in(bob)) == ["day", "read", "mine", "new", "unread", "+more"]
    all_read(bob)
    assert "new" not in shape(signed_in(bob))


def test_nothing_is_new_on_a_page_that_begins_after_the_first_unread(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    for number in range(70):
        say(alice, room, str(number))
    assert "new" not in shape(signed_in(bob))


def test_an_answer_quotes_what_it_answers_and_stands_apart(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    question = say(alice, room, "**What** &  now?\n\n- this")
    say(alice, room, "this", reply_to=question)
    all_read(alice)
    client = signed_in(alice)
    assert shape(client) == ["day", "-", "this"]
    assertContains(client.get("/rooms/board/"), "What &amp; now? this</span>")
    delete_message(actor=alice, message_id=question.pk)
    assertContains(client.get("/rooms/board/"), "a message that was deleted")


def test_an_edited_message_says_so(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "frist")
    edit_message(actor=alice, message_id=message.pk, body="first")
    page = signed_in(alice).get("/rooms/board/")
    assertContains(page, 'data-slot="edited" title="Edited ')
    assertNotContains(page, "frist")


def test_of_a_deleted_message_only_the_place_stays(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    message = say(bob, room, "a secret")
    delete_message(actor=alice, message_id=message.pk)
    page = signed_in(bob).get("/rooms/board/")
    assertContains(page, "This message was deleted", count=2)  # and in its <template>
    assertNotContains(page, "a secret")


def test_a_year_is_named_when_it_is_another(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    move(say(alice, room, "old"), days=800)
    say(alice, room, "fresh")
    first, _, second, *_ = signed_in(alice).get("/rooms/board/").context["timeline"].items
    this_year = timezone.now().year
    assert not first.label.endswith(str(this_year))
    assert first.label[-4:].isdigit()
    assert not second.label[-4:].isdigit()

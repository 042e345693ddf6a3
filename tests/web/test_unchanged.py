"""The room's page asked for again with its ETag: 304 while nothing on it has changed, and never when something has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects

from chat.models import Login, Membership, Message, Room, User, Workspace
from chat.operations import logins, membership, people, rooms, workspace
from chat.operations.messages import delete_message, edit_message
from chat.web import unchanged
from tests.web.conftest import PASSWORD, Say, SignedIn

BOARD = "/rooms/board/"


class Browser:
    """Has a page, and asks whether it is still that."""

    def __init__(self, client: Client, path: str = BOARD, **headers: str) -> None:
        self.client, self.path, self.headers = client, path, headers
        client.get(path)  # which says the last word that waits
        self.page = self.get()
        assert self.page.status_code == 200

    def get(self, **headers: str) -> Any:
        return self.client.get(self.path, headers=self.headers | headers)

    def again(self) -> Any:
        answer = self.get(**{"If-None-Match": self.page["ETag"]})
        assert bool(answer.content) == (answer.status_code == 200) or answer.status_code >= 300
        return answer


@pytest.fixture
def browser(bob: User, room: Room, signed_in: SignedIn) -> Browser:
    """Bob's."""
    return Browser(signed_in(bob))


@pytest.fixture
def message(alice: User, room: Room, say: Say) -> Message:
    return say(alice, room, "first")


def test_what_has_not_changed_is_not_rendered_again(
    message: Message, browser: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(8):
        answer = browser.again()
    assert (answer.status_code, answer.content, answer.templates) == (304, b"", [])
    assert answer["ETag"] == browser.page["ETag"]
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Cookie", "X-Parley-Fragment"} <= set(answer["Vary"].split(", "))
    for header in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert answer[header] == browser.page[header]
    assert answer.cookies["last_room"].value == browser.page.cookies["last_room"].value


def test_the_token_of_forms_looks_different_each_time_and_stays_the_same(browser: Browser) -> None:
    other = browser.get()
    assert other["ETag"] == browser.page["ETag"]
    tokens = [str(page.context["csrf_token"]) for page in (browser.page, other)]
    assert tokens[0] != tokens[1]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    for token in tokens:
        answer = strict.post(BOARD, {"body": token, "csrfmiddlewaretoken": token})
        assertRedirects(answer, BOARD, fetch_redirect_response=False)


def test_all_forms_of_a_page_and_its_script_have_its_token(browser: Browser) -> None:
    token = str(browser.page.context["csrf_token"])
    text = browser.page.content.decode()
    assert text.count(f'name="csrfmiddlewaretoken" value="{token}"') == text.count('name="csrfmiddlewaretoken"') == 5
    assert f'"csrf":"{token}"' in text


def test_the_tag_tells_nothing_of_the_token(browser: Browser) -> None:
    assert browser.client.cookies[settings.CSRF_COOKIE_NAME].value not in str(browser.page.headers)


Change = Callable[[User, User, Room, Message], object]

CHANGES: dict[str, Change] = {
    "edit": lambda alice, bob, room, message: edit_message(actor=alice, message_id=message.pk, body="better"),
    "delete": lambda alice, bob, room, message: delete_message(actor=alice, message_id=message.pk),
    "room renamed": lambda alice, bob, room, message: rooms.update_room(actor=alice, room_id=room.pk, name="Council"),
    "topic": lambda alice, bob, room, message: rooms.update_room(actor=alice, room_id=room.pk, topic="Time"),
    "archived": lambda alice, bob, room, message: rooms.update_room(actor=alice, room_id=room.pk, archived=True),
    "sender renamed": lambda alice, bob, room, message: people.update_profile(user=alice, name="A. Adams"),
    "hue of a sender": lambda alice, bob, room, message: people.update_profile(user=alice, hue=(alice.hue + 1) % 12),
    "reader renamed": lambda alice, bob, room, message: people.update_profile(user=bob, name="Robert"),
    "zone of the reader": lambda alice, bob, room, message: people.update_profile(user=bob, time_zone="Asia/Tokyo"),
    "role of the reader": lambda alice, bob, room, message: membership.change_role(
        actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator"
    ),
    "reader becomes staff": lambda alice, bob, room, message: people.make_staff(actor=alice, user_id=bob.pk),
    "read position": lambda alice, bob, room, message: membership.mark_read(user=bob, room_id=room.pk, seq=message.seq),
    "workspace renamed": lambda alice, bob, room, message: workspace.update_workspace(actor=alice, name="Umbrella"),
    "database restored": lambda alice, bob, room, message: Workspace.objects.update(epoch="another"),
    "a room more": lambda alice, bob, room, message: rooms.create_room(
        actor=alice, name="Another", kind="open", members=[bob.pk]
    ),
    "a talk more": lambda alice, bob, room, message: rooms.open_direct(actor=alice, other=bob),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_changed_is_sent(
    alice: User, bob: User, room: Room, message: Message, browser: Browser, name: str
) -> None:
    assert browser.again().status_code == 304
    CHANGES[name](alice, bob, room, message)
    assert browser.again().status_code == 200


OUTSIDE = {"reader becomes staff", "reader renamed", "database restored", "a room more", "a talk more"}
"""What is seen around the inside of the page alone."""


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in OUTSIDE])
def test_what_has_changed_inside_is_sent_to_who_asks_for_the_inside(
    alice: User, bob: User, room: Room, message: Message, browser: Browser, name: str
) -> None:
    inside = Browser(browser.client, **{"X-Parley-Fragment": "1"})
    assert inside.again().status_code == 304
    CHANGES[name](alice, bob, room, message)
    assert inside.again().status_code == 200


def test_the_reader_is_sent_by_a_new_name_though_the_members_shown_are_others(
    browser: Browser, bob: User, room: Room
) -> None:
    crowd = [people.create_user(actor=None, username=f"aaron{number}", password=None) for number in range(61)]
    for user in crowd:
        membership.add_member(actor=None, room_id=room.pk, user_id=user.pk)
    browser.page = browser.get()
    people.update_profile(user=bob, name="Robert")
    assertContains(browser.again(), "Robert</span>")


def test_who_made_the_room_is_named_anew(browser: Browser, mallory: User, room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(created_by=mallory)
    browser.page = browser.get()
    people.update_profile(user=mallory, name="Mal")
    assertContains(browser.again(), "made by Mal")


def test_what_happens_above_the_page_moves_its_number(
    browser: Browser, alice: User, room: Room, message: Message, say: Say
) -> None:
    for number in range(61):
        say(alice, room, str(number))
    inside = Browser(browser.client, **{"X-Parley-Fragment": "1"})
    edit_message(actor=alice, message_id=message.pk, body="better")
    assertContains(inside.again(), f'data-as-of="{Room.objects.get(pk=room.pk).stream.head}"')


def test_another_message_is_sent(message: Message, browser: Browser, alice: User, room: Room, say: Say) -> None:
    say(alice, room, "second")
    assertContains(browser.again(), "second")


def test_what_is_unread_elsewhere_is_sent(browser: Browser, alice: User, bob: User, open_room: Room, say: Say) -> None:
    membership.add_member(actor=alice, room_id=open_room.pk, user_id=bob.pk)
    browser.page = browser.get()
    say(alice, open_room, "psst @bob")
    assertContains(browser.again(), ", 1 unread, 1 mention")


def test_somebody_more_or_less_in_the_room_is_sent(browser: Browser, alice: User, mallory: User, room: Room) -> None:
    membership.add_member(actor=alice, room_id=room.pk, user_id=mallory.pk)
    browser.page = browser.again()
    assertContains(browser.page, f'<li class="member" data-user="{mallory.pk}"')
    people.update_profile(user=mallory, name="Mal")
    browser.page = browser.again()
    assertContains(browser.page, "Mal</span>")
    membership.remove_member(actor=alice, room_id=room.pk, user_id=mallory.pk)
    assert browser.again().status_code == 200


def test_an_answer_changes_with_what_it_quotes(
    browser: Browser, alice: User, bob: User, room: Room, say: Say, message: Message
) -> None:
    for number in range(60):
        say(bob, room, str(number))
    say(bob, room, "yes", reply_to=message)
    browser.page = browser.get()
    people.update_profile(user=alice, name="A. Adams")
    browser.page = browser.again()
    assertContains(browser.page, "A. Adams</span>")
    Message.objects.filter(pk=message.pk).update(html="other words")  # without an event, as a repair would
    assertContains(browser.again(), "other words")


def test_the_other_person_of_a_talk_is_sent_by_their_new_name(
    alice: User, bob: User, room: Room, signed_in: SignedIn
) -> None:
    rooms.open_direct(actor=alice, other=bob)
    for path in ("/people/alice/", BOARD):
        browser = Browser(signed_in(bob), path)
        assert browser.again().status_code == 304
        people.update_profile(user=alice, name=f"Alice of {path}")
        assert browser.again().status_code == 200


def test_a_permalink_has_a_tag_of_its_own(message: Message, browser: Browser, signed_in: SignedIn, bob: User) -> None:
    permalink = Browser(browser.client, f"{BOARD}{message.pk}/")
    assert permalink.again().status_code == 304
    assert permalink.page["ETag"] != browser.page["ETag"]


@pytest.mark.parametrize(
    ("cookie", "value"), [("theme", "dark"), ("panel", "closed"), ("tz", "Asia/Tokyo"), ("csrftoken", "c" * 32)]
)
def test_another_cookie_is_another_page(browser: Browser, cookie: str, value: str) -> None:
    browser.client.cookies[cookie] = value
    assert browser.again().status_code == 200


def test_the_inside_of_a_page_is_not_the_page(browser: Browser, bob: User, signed_in: SignedIn) -> None:
    inside = Browser(browser.client, **{"X-Parley-Fragment": "1"})
    assert inside.again().status_code == 304
    assert inside.page["ETag"] != browser.page["ETag"]


def test_a_word_that_waits_is_said_once(browser: Browser, bob: User, room: Room) -> None:
    browser.client.post("/profile/", {"name": bob.name, "email": bob.email, "time_zone": "", "hue": bob.hue})
    told = browser.again()
    assertContains(told, "toast--told")
    assert "ETag" not in told
    assert browser.again().status_code == 304


def test_another_deployment_sends_everything_again(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "deployed", lambda: b"another")
    assert browser.again().status_code == 200


def test_days_are_named_anew_in_another_year(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: date(2031, 1, 1))
    assert browser.again().status_code == 200


def test_who_signs_out_is_sent_to_the_door(browser: Browser) -> None:
    browser.client.post("/sign-out/")
    assertRedirects(browser.again(), f"/sign-in/?next={BOARD}", fetch_redirect_response=False)


def test_whose_login_has_ended_is_sent_to_the_door(browser: Browser, bob: User) -> None:
    logins.end_login(login_id=Login.objects.get(user=bob).pk)
    assert browser.again().status_code == 302


def test_whose_password_has_changed_is_sent_to_the_door(browser: Browser, bob: User) -> None:
    """Also when the session itself were still there."""
    bob.set_password(PASSWORD + "!")
    bob.save()
    assert browser.again().status_code == 302


def test_who_is_disabled_is_sent_to_the_door(browser: Browser, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert browser.again().status_code == 302


def test_who_is_put_out_finds_nothing(browser: Browser, alice: User, bob: User, room: Room) -> None:
    membership.remove_member(actor=alice, room_id=room.pk, user_id=bob.pk)
    assert browser.again().status_code == 404


def test_who_is_put_out_of_an_open_room_sees_its_door(
    alice: User, bob: User, open_room: Room, signed_in: SignedIn
) -> None:
    membership.add_member(actor=alice, room_id=open_room.pk, user_id=bob.pk)
    browser = Browser(signed_in(bob), "/rooms/design/")
    Membership.objects.filter(room=open_room, user=bob).update(left_seq=99)
    assertContains(browser.again(), "Join the room")


def test_the_page_of_somebody_else_is_another(browser: Browser, alice: User, signed_in: SignedIn) -> None:
    browser.client.cookies = signed_in(alice).cookies
    assert browser.again().status_code == 200


def test_two_pages_that_a_browser_had_once_may_say_different_things(browser: Browser) -> None:
    """Both have the same hidden id when the second was answered 304."""
    draft = str(browser.page.context["room"].draft_id)
    assertRedirects(browser.client.post(BOARD, {"id": draft, "body": "one"}), BOARD)
    refused = browser.client.post(BOARD, {"id": draft, "body": "two"})
    assertContains(refused, "composer--error")
    fresh = str(refused.context["room"].draft_id)
    assert fresh != draft
    assertRedirects(browser.client.post(BOARD, {"id": fresh, "body": "two"}), BOARD)
    assert [message.body for message in Message.objects.order_by("seq")] == ["one", "two"]

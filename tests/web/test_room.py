"""/rooms/<slug>/: the chat page, rendered whole on the server."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from chat.models import Membership, Message, Room, Upload, User, Workspace
from chat.operations.membership import add_member, leave_room
from chat.operations.people import create_user
from chat.operations.rooms import create_room, update_room
from tests.web.conftest import Say, SignedIn


def test_a_member_reads_the_newest_messages_on_the_first_paint(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn
) -> None:
    for number in range(70):
        say(alice, room, f"number **{number}**")
    page = signed_in(bob).get("/rooms/board/")

    assertContains(page, '<li class="message', count=60 + 1)  # and the one in the <template>
    assertContains(page, "number <strong>69</strong>", html=False)
    assertNotContains(page, "<strong>9</strong>")
    assertContains(page, 'data-has-before="true"')
    assertContains(page, f'data-as-of="{Room.objects.get(pk=room.pk).stream.head}"')


def test_the_boot_data_says_what_the_script_must_know(bob: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(bob).get("/rooms/board/")
    found = re.search(r'<script id="parley-boot" type="application/json">(.*?)</script>', page.content.decode())
    assert found is not None
    boot = json.loads(found[1])

    assert boot["me"]["username"] == "bob"
    assert boot["workspace"]["epoch"] == Workspace.current().epoch
    assert [place["slug"] for place in boot["rooms"]] == ["board"]
    assert boot["csrf"]


def test_a_fragment_is_the_inside_of_the_page_alone(bob: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(bob).get("/rooms/board/", headers={"X-Parley-Fragment": "1"})
    text = page.content.decode().strip()
    assert text.startswith('<main id="main"')
    assert text.endswith("</main>")
    assert "X-Parley-Fragment" in page["Vary"]


def test_to_an_outsider_a_private_room_does_not_exist(
    alice: User, mallory: User, room: Room, signed_in: SignedIn
) -> None:
    assert signed_in(alice).get("/rooms/board/").status_code == 200
    client = signed_in(mallory)
    hidden, missing = client.get("/rooms/board/"), client.get("/rooms/never-was/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    for path in ("join/", "leave/", "settings/"):
        assert client.post(f"/rooms/board/{path}").status_code == 404
    assert client.post("/rooms/board/", {"body": "hello"}).status_code == 404
    assertNotContains(client.get("/rooms/"), "Board")


def test_who_has_left_a_private_room_reads_it_no_more(bob: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    assertContains(client.post("/rooms/board/leave/", follow=True), "You left Board")
    assert client.get("/rooms/board/").status_code == 404


def test_the_anonymous_are_sent_to_the_door(client: Client, room: Room) -> None:
    assertRedirects(client.get("/rooms/board/"), "/sign-in/?next=/rooms/board/")
    assert client.get("/rooms/board/", headers={"X-Parley-Fragment": "1"}).status_code == 401


def test_an_open_room_shows_its_name_until_one_joins(
    alice: User, mallory: User, open_room: Room, say: Say, signed_in: SignedIn
) -> None:
    say(alice, open_room, "only for members")
    client = signed_in(mallory)
    page = client.get("/rooms/design/")
    assertContains(page, "How it looks")
    assertContains(page, "Join the room")
    assertNotContains(page, "only for members")

    assertContains(client.post("/rooms/design/join/", follow=True), "only for members")


def test_an_archived_room_can_be_read_only(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    say(alice, room, "still here")
    update_room(actor=alice, room_id=room.pk, archived=True)
    client = signed_in(alice)
    page = client.get("/rooms/board/")
    assertContains(page, "still here")
    assertContains(page, "This room is archived", count=2)  # and the <template> for when it happens
    assertNotContains(page, 'id="composer-input"')
    assertContains(client.post("/rooms/board/", {"body": "no"}, follow=True), "archived")
    assert Message.objects.count() == 1


def test_without_the_script_the_composer_posts_once(bob: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    for _ in range(2):
        answers = {"id": "0e4e6a52-8c5e-4d0e-9d7d-3a1f0b1c2d3e", "body": "one\r\ntwo"}
        assertRedirects(client.post("/rooms/board/", answers), "/rooms/board/")
    assert Message.objects.get().body == "one\ntwo"


def test_without_the_script_files_go_with_their_message_once(
    alice: User, bob: User, room: Room, signed_in: SignedIn
) -> None:
    client = signed_in(bob)
    for _ in range(2):
        files = [SimpleUploadedFile(name, b"words") for name in ("one.txt", "two.txt")]
        form = {"id": "0e4e6a52-8c5e-4d0e-9d7d-3a1f0b1c2d3e", "body": "See here", "file": files}
        assertRedirects(client.post("/rooms/board/", form), "/rooms/board/")
    message = Message.objects.get()
    assert [each["name"] for each in message.attachments or []] == ["one.txt", "two.txt"]
    assert Upload.objects.count() == 2
    assertContains(signed_in(alice).get("/rooms/board/"), "one.txt")


def test_without_the_script_what_is_refused_keeps_no_files(bob: User, room: Room, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    form = {"body": "x" * 16_001, "file": SimpleUploadedFile("one.txt", b"words")}
    assertContains(client.post("/rooms/board/", form), "Choose the files again.")
    assert not Upload.objects.kept().exists()
    form = {"body": "See here", "file": [SimpleUploadedFile("one.txt", b"words") for _ in range(11)]}
    assertContains(client.post("/rooms/board/", form), "at most 10 files")
    assert not Message.objects.exists() and not Upload.objects.kept().exists()


@pytest.mark.parametrize("body", ["", "  ", "x" * 16_001, "nul \x00"])
def test_without_the_script_a_bad_message_is_refused_in_words(
    bob: User, room: Room, signed_in: SignedIn, body: str
) -> None:
    page = signed_in(bob).post("/rooms/board/", {"id": str(uuid.uuid4()), "body": body})
    assertContains(page, "composer--error")
    assert page.context["room"].draft == body
    assert not Message.objects.exists()


def test_an_empty_room_says_what_to_do_first(alice: User, room: Room, signed_in: SignedIn) -> None:
    page = signed_in(alice).get("/rooms/board/")
    assertContains(page, "This is the very beginning of the room")
    assertContains(page, "Add people")
    assertContains(page, 'data-has-before="false"')


def test_home_is_the_room_that_was_open_last(bob: User, room: Room, open_room: Room, signed_in: SignedIn) -> None:
    client = signed_in(bob)
    client.post("/rooms/design/join/")
    client.get("/rooms/design/")
    assertRedirects(client.get("/"), "/rooms/design/")
    leave_room(actor=bob, room_id=open_room.pk)
    assertRedirects(client.get("/"), "/rooms/board/")


def test_home_of_somebody_without_a_room_lists_them(mallory: User, room: Room, signed_in: SignedIn) -> None:
    assertRedirects(signed_in(mallory).get("/"), "/rooms/")


def test_the_sidebar_counts_what_is_unread(
    alice: User, bob: User, room: Room, open_room: Room, say: Say, signed_in: SignedIn
) -> None:
    client = signed_in(bob)
    client.post("/rooms/design/join/")
    say(alice, room, "one")
    say(alice, room, "two @bob")
    page = client.get("/rooms/design/")
    assertContains(page, ", 2 unread, 1 mention")


def test_the_reader_may_have_any_time_zone(alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    message = say(alice, room, "late")
    Message.objects.filter(pk=message.pk).update(created_at=message.created_at.replace(hour=23, minute=30))
    client = signed_in(bob)
    assertContains(client.get("/rooms/board/"), ">23:30</time>")
    client.cookies["tz"] = "Asia/Kolkata"
    assertContains(client.get("/rooms/board/"), ">05:00</time>")
    User.objects.filter(pk=bob.pk).update(time_zone="Europe/Lisbon")
    assertContains(client.get("/rooms/board/"), ">23:30</time>" if not _summer(message) else ">00:30</time>")
    client.cookies["tz"] = "../../etc/passwd"
    User.objects.filter(pk=bob.pk).update(time_zone="")
    assertContains(client.get("/rooms/board/"), ">23:30</time>")


def _summer(message: Message) -> bool:
    from zoneinfo import ZoneInfo

    return bool(message.created_at.astimezone(ZoneInfo("Europe/Lisbon")).dst() or timedelta())


def test_what_people_wrote_is_escaped_everywhere(alice: User, bob: User, say: Say, signed_in: SignedIn) -> None:
    evil = "<script>alert(1)</script>\"'"
    User.objects.filter(pk=alice.pk).update(name=evil)
    Workspace.objects.filter(pk=Workspace.current().pk).update(name=evil)
    room = create_room(actor=alice, name=evil, kind="open", topic=evil, members=[bob.pk])
    first = say(alice, room, evil)
    say(bob, room, evil, reply_to=first)
    client = signed_in(bob)
    for path in (f"/rooms/{room.slug}/", f"/rooms/{room.slug}/settings/", "/rooms/", "/people/", "/people/alice/"):
        page = client.get(path)
        assert page.status_code == 200
        assertNotContains(page, "<script>alert")
        assertNotContains(page, "alert(1)</script>\"'")


def test_a_page_has_no_inline_style_or_handler(alice: User, room: Room, say: Say, signed_in: SignedIn) -> None:
    say(alice, room, "| a |\n|:-:|\n| `b` |")
    client = signed_in(alice)
    for path in ("/rooms/board/", "/rooms/board/settings/", "/profile/", "/invitations/", "/workspace/"):
        text = client.get(path).content.decode()
        assert not re.search(r"<[^>]*\s(style|on\w+)=", text), path
        assert "<style" not in text


def test_the_number_of_queries_depends_on_nothing(
    alice: User, bob: User, room: Room, say: Say, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(bob)
    say(alice, room, "first")
    client.get("/rooms/board/")
    with django_assert_num_queries(QUERIES):
        client.get("/rooms/board/")

    for number in range(70):
        other = create_user(actor=None, username=f"other{number}", password=None)
        add_member(actor=None, room_id=room.pk, user_id=other.pk)
        message = say(other, room, f"hello @bob {number}")
        say(alice, room, "an answer", reply_to=message)
    for number in range(5):
        create_room(actor=alice, name=f"more {number}", kind="open", members=[bob.pk])
    with django_assert_num_queries(QUERIES + 1):  # and how many members there are beside those shown
        client.get("/rooms/board/")


# Session, user; room with membership; messages; members; workspace; places with their counts.
QUERIES = 8


def test_role_and_membership_reach_the_script(alice: User, bob: User, room: Room, signed_in: SignedIn) -> None:
    assertContains(signed_in(alice).get("/rooms/board/"), 'data-role="owner"')
    assertContains(signed_in(bob).get("/rooms/board/"), 'data-role="member"')
    assert Membership.objects.live().filter(room=room).count() == 2

"""/notifications/, /profile/notifications/, and the level of a room."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.models import Membership, Notification, NotifySettings, Room, User
from chat.operations.moderation import report_message
from chat.operations.posting import post_message
from chat.operations.rooms import open_direct
from tests.web.conftest import SignedIn


def say(sender: User, room: Room, body: str, thread: int | None = None) -> int:
    sent = post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body, thread=thread)
    return sent.message_id


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return b"".join(response).decode()


@pytest.fixture
def as_bob(signed_in: SignedIn, bob: User) -> Client:
    return signed_in(bob)


def test_what_concerns_one_is_listed_and_leads_there(
    as_bob: Client, signed_in: SignedIn, alice: User, bob: User, room: Room
) -> None:
    named = say(alice, room, "**Hello** <b> @bob")
    talk = open_direct(actor=alice, other=bob)
    first = say(alice, talk, "One")
    say(alice, talk, "Two")
    root = say(bob, room, "Lunch?")
    say(alice, room, "Noon", thread=root)
    page = text(as_bob, "/notifications/")
    assert "Hello &lt;b&gt; @bob" in page and f'href="/rooms/board/{named}/"' in page
    assert "2 messages" in page and f'href="/people/alice/{first}/"' in page
    assert f'href="/rooms/board/{root}/thread/"' in page
    assert "brought you in" in page
    only = text(as_bob, "/notifications/?show=threads")
    assert "Noon" in only and "Hello" not in only.split("<main")[1]
    assert "Nothing yet" in text(signed_in(alice), "/notifications/")


def test_all_are_read_at_once_but_what_came_after_the_page(as_bob: Client, alice: User, bob: User, room: Room) -> None:
    say(alice, room, "@bob one")
    page = text(as_bob, "/notifications/")
    newest = Notification.objects.order_by("pk").last()
    assert newest is not None and f'name="up_to" value="{newest.pk}"' in page
    say(alice, room, "@bob two")
    assert as_bob.post("/notifications/", {"up_to": newest.pk}).status_code == 302
    assert Notification.objects.unread().count() == 1
    assert as_bob.post("/notifications/").status_code == 400
    newest = Notification.objects.latest("pk")
    assert as_bob.post("/notifications/", {"up_to": newest.pk}).status_code == 302
    assert "You have seen all there is" in text(as_bob, "/notifications/?show=unread")


def test_a_report_leads_to_the_reports(signed_in: SignedIn, alice: User, bob: User, room: Room) -> None:
    report_message(actor=bob, message_id=say(alice, room, "Cheap watches!"), reason="an advertisement")
    page = text(signed_in(alice), "/notifications/")
    assert "reported a message" in page and "an advertisement" in page and 'href="/rooms/board/reports/"' in page


def test_one_chooses_what_to_hear_of(as_bob: Client, bob: User) -> None:
    page = text(as_bob, "/profile/notifications/")
    assert "in your time zone: UTC" in page and "Choose yours in your" in page
    chosen = {
        "do": "save",
        "level": "all",
        "mails": "on",
        "keywords": "cake,  night run、東京",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
    }
    assert as_bob.post("/profile/notifications/", chosen).status_code == 302
    found = NotifySettings.objects.get(user=bob)
    assert (found.level, found.keywords, f"{found.quiet_to:%H:%M}") == ("all", ["cake", "night run", "東京"], "07:00")
    page = text(as_bob, "/profile/notifications/")
    assert 'value="cake, night run, 東京"' in page and 'value="22:00"' in page
    for wrong, said in (
        ({"quiet_to": ""}, "Say both, or neither."),
        ({"keywords": "!"}, "has no letter and no digit"),
    ):
        assert said in as_bob.post("/profile/notifications/", chosen | wrong).content.decode()
    assert NotifySettings.objects.get(user=bob).keywords[0] == "cake"


def test_one_pauses_and_goes_on(as_bob: Client, bob: User) -> None:
    assert as_bob.post("/profile/notifications/", {"do": "pause", "minutes": "60"}).status_code == 302
    assert "Nothing makes a noise until" in text(as_bob, "/profile/notifications/")
    assert as_bob.post("/profile/notifications/", {"do": "resume"}).status_code == 302
    assert NotifySettings.objects.get(user=bob).paused_until is None
    for wrong in ({"do": "pause", "minutes": "7"}, {"do": "dance"}):
        assert as_bob.post("/profile/notifications/", wrong).status_code == 400


def test_one_chooses_for_a_room_and_a_talk(
    as_bob: Client, signed_in: SignedIn, alice: User, bob: User, mallory: User, room: Room
) -> None:
    open_direct(actor=alice, other=bob)
    for path in ("/rooms/board/", "/people/alice/"):
        assert as_bob.post(f"{path}level/", {"level": "nothing"}).headers["Location"] == path
        assert '<option value="nothing" selected>' in text(as_bob, path)
    assert set(Membership.objects.filter(user=bob).values_list("level", flat=True)) == {"nothing"}
    assert as_bob.post("/rooms/board/level/", {"level": ""}).status_code == 302
    assert as_bob.post("/rooms/board/level/", {"level": "some"}).status_code == 400
    assert signed_in(mallory).post("/rooms/board/level/", {"level": "all"}).status_code == 404
    assert signed_in(mallory).post("/people/alice/level/", {"level": "all"}).status_code == 404

"""Pages by which a room is kept in order."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.models import AuditEntry, Membership, Message, Report, Room, User
from chat.operations.moderation import mute_member, report_message
from chat.operations.posting import post_message
from chat.operations.rooms import update_room
from tests.web.conftest import SignedIn


def say(sender: User, room: Room, body: str) -> int:
    return post_message(sender=sender, room_id=room.pk, client_id=uuid.uuid4(), body=body).message_id


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return b"".join(response).decode()


@pytest.fixture
def as_alice(signed_in: SignedIn, alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(signed_in: SignedIn, bob: User) -> Client:
    return signed_in(bob)


def test_rules_are_set_on_the_settings_page(as_alice: Client, as_bob: Client, room: Room) -> None:
    fields = {
        "do": "update",
        "name": "Board",
        "topic": "",
        "posting": "moderators",
        "slow_seconds": "30",
        "previews": "on",
    }
    assert as_alice.post("/rooms/board/settings/", fields).status_code == 302
    room.refresh_from_db()
    assert (room.posting, room.slow_seconds) == ("moderators", 30)
    assert "Only those who moderate this room write in it" in text(as_bob, "/rooms/board/")
    assert 'data-view="composer"' in text(as_alice, "/rooms/board/")
    assert as_alice.post("/rooms/board/settings/", fields | {"slow_seconds": "7"}).status_code == 200


def test_slow_mode_is_said_to_who_waits(as_alice: Client, as_bob: Client, alice: User, room: Room) -> None:
    update_room(actor=alice, room_id=room.pk, slow_seconds=300)
    assert "one message every 5 minutes" in text(as_bob, "/rooms/board/")
    assert "Slow mode" not in text(as_alice, "/rooms/board/").split("<main")[1]


def test_somebody_is_muted_and_let_write_again(as_alice: Client, as_bob: Client, bob: User, room: Room) -> None:
    wish = {"do": "mute", "user": bob.pk, "seconds": "3600"}
    assert as_alice.post("/rooms/board/settings/", wish).status_code == 302
    assert "muted until" in text(as_alice, "/rooms/board/settings/")
    assert "You cannot write here until" in text(as_bob, "/rooms/board/")
    assert as_alice.post("/rooms/board/settings/", wish | {"seconds": "0"}).status_code == 302
    assert Membership.objects.get(user=bob).muted_until is None
    assert as_bob.post("/rooms/board/settings/", wish, follow=True).status_code == 200
    assert Membership.objects.get(user=bob).muted_until is None


def test_a_report_is_seen_and_the_message_deleted(
    as_alice: Client, as_bob: Client, alice: User, bob: User, room: Room
) -> None:
    pk = say(bob, room, "Cheap <watches>!")
    report = report_message(actor=alice, message_id=pk, reason="an advertisement")
    page = text(as_alice, "/rooms/board/reports/")
    assert "Cheap &lt;watches&gt;!" in page and "an advertisement" in page
    assert as_bob.get("/rooms/board/reports/").status_code == 403
    assert as_alice.post("/rooms/board/reports/", {"do": "delete", "report": report.pk}).status_code == 302
    assert Message.objects.get(pk=pk).deleted_at is not None
    assert Report.objects.get().closed_by == alice
    assert "deleted somebody&#x27;s message" in text(as_alice, "/rooms/board/log/")
    assert as_alice.post("/rooms/board/reports/", {"do": "close", "report": report.pk}).status_code == 404


def test_a_report_stays_open_when_the_deletion_is_refused(as_alice: Client, alice: User, bob: User, room: Room) -> None:
    report = report_message(actor=alice, message_id=say(bob, room, "Cheap watches!"))
    update_room(actor=alice, room_id=room.pk, archived=True)
    assert as_alice.post("/rooms/board/reports/", {"do": "delete", "report": report.pk}).status_code == 403
    assert Report.objects.open().get() == report and Message.objects.get().deleted_at is None


def test_outsiders_see_neither(signed_in: SignedIn, mallory: User, alice: User, bob: User, room: Room) -> None:
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=60)
    for path in ("/rooms/board/reports/", "/rooms/board/log/"):
        text(signed_in(mallory), path, 404)


def test_owners_see_all_of_it_in_the_admin(client: Client, alice: User, bob: User, room: Room) -> None:
    report_message(actor=alice, message_id=say(bob, room, "Cheap watches!"), reason="an advertisement")
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=60)
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=alice.pk))
    assert "muted somebody" in text(client, "/admin/chat/auditentry/")
    assert AuditEntry.objects.count() == 1
    text(client, f"/admin/chat/auditentry/{AuditEntry.objects.get().pk}/change/")
    text(client, f"/admin/chat/report/{Report.objects.get().pk}/change/")
    assert "an advertisement" in text(client, "/admin/chat/report/")
    chosen = {"action": "close", "_selected_action": [Report.objects.get().pk]}
    assert client.post("/admin/chat/report/", chosen).status_code == 302
    assert Report.objects.get().closed_at is not None
    client.force_login(User.objects.get(pk=bob.pk))
    assert client.get("/admin/chat/auditentry/").status_code == 403
    assert client.get("/admin/chat/report/").status_code == 403

"""Whom posts notify, and of what."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from chat.models import Event, Notification, NotifySettings, Report, Room, User
from chat.operations import everybody
from chat.operations.membership import add_member, leave_room, mark_read
from chat.operations.messages import delete_message, edit_message
from chat.operations.moderation import close_report, report_message
from chat.operations.notifying.choices import choose, choose_level
from chat.operations.notifying.hearing import is_quiet
from chat.operations.notifying.mailing import where
from chat.operations.posting import post_message
from chat.operations.rooms import create_room, open_direct
from chat.operations.threads import follow_thread, read_thread
from tests.operations.conftest import Say
from tests.support.snapshot import agreeing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clean(room: Room) -> None:
    """Nobody is told any more that the room was made."""
    Notification.objects.all().delete()


def told(user: User) -> list[tuple[str, str]]:
    """(kind, actor) of what is unread, the oldest first."""
    rows = Notification.objects.filter(user=user).unread().order_by("pk")
    return list(rows.values_list("kind", "actor__username"))


def test_a_mention_is_told_to_who_is_named(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    with agreeing() as events:
        message = say(alice, room, "**Hello** @bob and @mallory and @alice")
    (event,) = [event for event in events if event["type"] == "notification.created"]
    assert event["stream"] == f"user:{bob.pk}"
    row = Notification.objects.get()
    assert event["data"] == {
        "id": str(row.pk),
        "kind": "mention",
        "actor": events[0]["data"]["sender"],
        "room": str(room.pk),
        "message": str(message.pk),
        "thread": None,
        "text": "Hello @bob and @mallory and @alice",
        "created_at": events[0]["data"]["created_at"],
        "read_at": None,
        "quiet": False,
    }
    assert (row.user, row.actor, row.room, row.seq) == (bob, alice, room, message.seq)


def test_a_post_that_concerns_nobody_tells_nobody(alice: User, room: Room, say: Say) -> None:
    with agreeing() as events:
        say(alice, room, "Hello")
    assert [event["type"] for event in events] == ["message.posted"]


def test_what_is_sent_again_is_told_once(alice: User, bob: User, room: Room) -> None:
    sent = {"sender": alice, "room_id": room.pk, "client_id": uuid.uuid4(), "body": "@bob"}
    post_message(**sent)
    post_message(**sent)
    assert told(bob) == [("mention", "alice")]


def test_a_direct_message_is_told_to_the_other(alice: User, bob: User) -> None:
    talk = open_direct(actor=alice, other=bob)
    with agreeing():
        post_message(sender=alice, room_id=talk.pk, client_id=uuid.uuid4(), body="Hello")
        post_message(sender=bob, room_id=talk.pk, client_id=uuid.uuid4(), body="Hello, @alice")
    assert (told(bob), told(alice)) == ([("direct", "alice")], [("mention", "bob")])


def test_followers_hear_of_replies(alice: User, bob: User, carol: User, moderator: User, room: Room, say: Say) -> None:
    root = say(alice, room, "Lunch?")
    with agreeing():
        say(bob, room, "Noon", thread=root)
        say(moderator, room, "@bob, one", thread=root)
    assert told(alice) == [("reply", "bob"), ("reply", "carol")]
    assert told(bob) == [("mention", "carol")]
    follow_thread(actor=alice, message_id=root.pk, on=False)
    say(bob, room, "Good", thread=root)
    assert len(told(alice)) == 2
    assert told(moderator)[-1:] == [("reply", "bob")]


@pytest.mark.parametrize(("word", "kind"), [("room", "room"), ("here", "here")])
def test_all_hear_what_mentions_everybody(alice: User, bob: User, room: Room, say: Say, word: str, kind: str) -> None:
    with agreeing():
        say(alice, room, f"@{word} lunch!")
    assert (told(alice), told(bob)) == ([], [(kind, "alice")])


def test_in_a_large_room_a_member_calls_nobody(
    alice: User, bob: User, room: Room, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everybody, "MOST_MEMBERS", 1)
    say(bob, room, "@room lunch!")
    assert told(alice) == []


def test_keywords_are_heard_as_whole_words_wherever_they_stand(alice: User, bob: User, room: Room, say: Say) -> None:
    choose(actor=bob, keywords=["Rechnung", "night run", "東京"])
    for words in ("the RECHNUNG!", "a night, run", "`night run`", "東京へ"):
        say(alice, room, words)
    assert told(bob) == [("keyword", "alice")] * 4
    for words in ("Rechnungen", "run at night", "night"):
        say(alice, room, words)
    say(bob, room, "my own Rechnung")
    assert len(told(bob)) == 4
    choose(actor=bob, keywords=[])
    say(alice, room, "Rechnung")
    assert len(told(bob)) == 4


def test_levels_of_a_room_and_for_all(alice: User, bob: User, room: Room, open_room: Room, say: Say) -> None:
    Notification.objects.all().delete()
    with agreeing() as events:
        choose_level(actor=bob, room_id=room.pk, level="all")
        choose_level(actor=bob, room_id=room.pk, level="all")
    assert [event["data"] for event in events] == [{"room": str(room.pk), "level": "all"}]
    say(alice, room, "anything")
    say(alice, open_room, "anything")
    assert told(bob) == [("message", "alice")]
    choose_level(actor=bob, room_id=room.pk, level="nothing")
    choose(actor=bob, keywords=["cake"])
    say(alice, room, "@bob @room cake")
    assert len(told(bob)) == 1
    choose_level(actor=bob, room_id=room.pk, level=None)
    choose(actor=bob, level="nothing")
    say(alice, room, "@bob cake")
    assert len(told(bob)) == 1
    choose(actor=bob, level="all", keywords=[])
    late = create_room(actor=alice, name="Late", kind="open", members=[bob.pk])
    for place in (room, open_room, late):
        say(alice, place, "anything")
    assert told(bob)[1:] == [("added", "alice")] + [("message", "alice")] * 3


def test_each_is_told_once_of_what_concerns_them_most(alice: User, bob: User, room: Room, say: Say) -> None:
    choose(actor=bob, level="all", keywords=["cake"])
    say(alice, room, "@bob @room cake")
    say(alice, room, "@room cake")
    say(alice, room, "@room")
    say(alice, room, "tea")
    assert [kind for kind, _ in told(bob)] == ["mention", "keyword", "room", "message"]


def test_in_a_pause_and_in_quiet_hours_it_is_told_quietly(alice: User, bob: User, room: Room, say: Say) -> None:
    def quiet() -> bool:
        say(alice, room, "@bob")
        return Notification.objects.latest("pk").quiet

    choose(actor=bob, paused_until=timezone.now() + timedelta(hours=1))
    assert quiet()
    choose(actor=bob, paused_until=None)
    assert not quiet()
    User.objects.filter(pk=bob.pk).update(time_zone="Asia/Tokyo")
    bob.refresh_from_db()
    now = timezone.localtime(timezone=ZoneInfo("Asia/Tokyo"))
    around = ((now - timedelta(minutes=5)).time(), (now + timedelta(minutes=5)).time())
    choose(actor=bob, quiet=around)
    assert quiet()
    choose(actor=bob, quiet=around[::-1])
    assert not quiet()


@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        (time(22), time(7), [time(22), time(23), time(0), time(6, 59)], [time(7), time(21, 59)]),
        (time(12), time(13), [time(12), time(12, 59)], [time(13), time(11, 59), time(0)]),
    ],
)
def test_quiet_hours_may_cross_midnight(
    bob: User, start: time, end: time, inside: list[time], outside: list[time]
) -> None:
    bob.time_zone = "Europe/Berlin"
    settings = NotifySettings(user=bob, quiet_from=start, quiet_to=end)

    def at(local: time) -> datetime:
        return datetime.combine(date(2026, 7, 1), local, ZoneInfo("Europe/Berlin"))

    assert all(is_quiet(settings, at(local)) for local in inside)
    assert not any(is_quiet(settings, at(local)) for local in outside)


def test_bots_and_disabled_people_are_not_told(alice: User, bob: User, carol: User, room: Room, say: Say) -> None:
    add_member(actor=alice, room_id=room.pk, user_id=carol.pk)
    User.objects.filter(pk=bob.pk).update(is_bot=True)
    User.objects.filter(pk=carol.pk).update(is_active=False)
    before = Notification.objects.count()
    say(alice, room, "@bob @carol @room")
    assert Notification.objects.count() == before


def test_an_edit_tells_those_whom_it_names_first(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Hello")
    with agreeing():
        edit_message(actor=alice, message_id=message.pk, body="Hello @bob")
        edit_message(actor=alice, message_id=message.pk, body="Hello again @bob")
    assert told(bob) == [("mention", "alice")]


def test_of_a_deleted_message_nothing_is_told_any_more(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "secret, @bob")
    with agreeing():
        delete_message(actor=alice, message_id=message.pk)
    assert told(bob) == [] and not Notification.objects.of(bob).exists()
    event = Event.objects.get(stream=bob.pk, type="notification.created", subject=message.pk)
    assert json.loads(event.payload)["data"]["text"] == "" and "secret" not in event.payload


def test_whom_somebody_brings_in_is_told(alice: User, mallory: User, room: Room) -> None:
    with agreeing():
        add_member(actor=alice, room_id=room.pk, user_id=mallory.pk)
    assert told(mallory) == [("added", "alice")]


def test_those_who_moderate_hear_of_reports(alice: User, bob: User, moderator: User, room: Room, say: Say) -> None:
    message = say(moderator, room, "Cheap watches!")
    with agreeing():
        report_message(actor=bob, message_id=message.pk, reason="an advertisement")
        report_message(actor=bob, message_id=message.pk, reason="still")
    assert (told(alice), told(bob)) == ([("report", "bob")], [])
    mark_read(user=alice, room_id=room.pk, seq=message.seq)
    assert len(told(alice)) == 1, "it is not read by reading on"
    with agreeing():
        close_report(actor=moderator, report_id=Report.objects.get().pk)
    assert told(alice) == []


def test_owners_hear_of_reports_in_direct_talks_and_find_them(alice: User, bob: User, mallory: User, say: Say) -> None:
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    talk = open_direct(actor=bob, other=mallory)
    report = report_message(actor=bob, message_id=say(mallory, talk, "Cheap watches!").pk)
    (row,) = Notification.objects.of(alice).filter(kind="report").select_related("room")
    assert where(row, None) == f"/admin/chat/report/{report.pk}/change/"
    alice.refresh_from_db()
    close_report(actor=alice, report_id=report.pk)
    row.refresh_from_db()
    assert row.read_at is not None


def test_reading_the_room_or_thread_reads_what_is_about_it(alice: User, bob: User, room: Room, say: Say) -> None:
    root = say(bob, room, "Lunch?")
    reply = say(alice, room, "@bob noon", thread=root)
    first, second = say(alice, room, "@bob one"), say(alice, room, "@bob two")
    with agreeing():
        mark_read(user=bob, room_id=room.pk, seq=first.seq)
    assert len(told(bob)) == 2
    with agreeing():
        read_thread(actor=bob, room_id=room.pk, message_id=root.pk, seq=reply.seq)
    (left,) = Notification.objects.filter(user=bob).unread()
    assert left.message_id == second.pk


def test_who_has_left_hears_no_more_and_sees_nothing(alice: User, bob: User, room: Room, say: Say) -> None:
    say(alice, room, "@bob")
    with agreeing():
        leave_room(actor=bob, room_id=room.pk)
    say(alice, room, "@bob")
    assert told(bob) == [] and not Notification.objects.of(bob).exists()

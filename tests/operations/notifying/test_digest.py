"""The mail of each morning, as a mail server gets it, by a clock of the test's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import NotifySettings, Room, User
from chat.operations.membership import mark_read
from chat.operations.notifying import digest
from chat.operations.notifying.choices import choose, choose_level
from chat.operations.notifying.tasks import digest_to, mail_digests
from chat.operations.rooms import create_room, open_direct
from chat.tasks import queue
from tests.operations.conftest import Say
from tests.operations.notifying.test_mailing import Mailbox, mailbox, part

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 25, 8, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wanted(bob: User) -> None:
    choose(actor=bob, digest=True)
    NotifySettings.objects.filter(user=bob).update(digest_at=MORNING - timedelta(days=1))


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hour strikes, and the queue is worked off."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    mail_digests.call()
    while (task := queue.take("test")) is not None:
        task.task.call(*task.args_kwargs["args"])
        queue.done(task)


def test_what_waits_comes_in_the_morning_once(
    alice: User, bob: User, room: Room, say: Say, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = create_room(actor=alice, name="Hall", kind="private", members=[bob.pk])
    talk = open_direct(actor=alice, other=bob)
    say(alice, room, "one")
    say(alice, room, "**two**, @bob")
    say(alice, hall, "in the hall")
    say(alice, talk, "between us")
    say(bob, hall, "his own")
    at(MORNING - timedelta(minutes=10), monkeypatch)
    assert mailbox.mails == []
    for minutes in (0, 60, 600):
        at(MORNING + timedelta(minutes=minutes), monkeypatch)
    (mail,) = mailbox.mails
    assert mail["To"] == "bob@example.org" and mail["Subject"].startswith("4 unread in 3 rooms of ")
    text = part(mail, "plain")
    assert text.index("#Board: 2 unread, 1 of them for you") < text.index("#Hall: 1 unread")
    assert "> Alice: two, @bob" in text and "> Alice: in the hall" in text and "> Alice: between us" in text
    assert "https://chat.example.org/rooms/board/" in text and "https://chat.example.org/people/alice/" in text
    assert "<bdi>#Board</bdi>" in part(mail, "html")
    at(MORNING + timedelta(days=1), monkeypatch)
    assert len(mailbox.mails) == 2 and mailbox.mails[1]["Message-ID"] != mail["Message-ID"]


def test_when_all_is_read_or_wanted_from_nowhere_nothing_comes(
    alice: User, bob: User, room: Room, say: Say, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = say(alice, room, "read")
    mark_read(user=bob, room_id=room.pk, seq=message.seq)
    at(MORNING, monkeypatch)
    say(alice, room, "not wanted")
    choose_level(actor=bob, room_id=room.pk, level="nothing")
    at(MORNING + timedelta(days=1), monkeypatch)
    assert mailbox.mails == []


def test_it_comes_by_the_clock_of_ones_zone(
    alice: User, bob: User, room: Room, say: Say, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=bob.pk).update(time_zone="America/New_York")
    say(alice, room, "good morning")
    at(MORNING, monkeypatch)
    assert mailbox.mails == []
    at(MORNING + timedelta(hours=5), monkeypatch)
    assert len(mailbox.mails) == 1


def test_the_first_comes_tomorrow(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(actor=bob, digest=False)
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=1))
    choose(actor=bob, digest=True)
    assert digest.due(MORNING + timedelta(hours=2)) == []
    assert digest.due(MORNING + timedelta(days=1)) == [bob.pk]


def test_the_link_at_its_foot_stops_it(
    alice: User, bob: User, room: Room, say: Say, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(alice, room, "one")
    at(MORNING, monkeypatch)
    stop = re.fullmatch(r"<https://chat.example.org(/mail/stop/[^>]+)>", mailbox.mails[0]["List-Unsubscribe"].strip())
    assert stop is not None
    assert Client().post(stop[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    at(MORNING + timedelta(days=1), monkeypatch)
    digest_to.call(bob.pk)
    assert len(mailbox.mails) == 1

"""Mails of what was not read, as a mail server gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from pytest_django import Settings

from chat.models import Notification, Room, User
from chat.operations.membership import mark_read
from chat.operations.notifying.choices import choose
from chat.operations.notifying.tasks import mail_to, mail_unread
from chat.operations.rooms import open_direct
from chat.tasks import queue
from tests.operations.conftest import Say
from tests.support.services import free_port


class Mailbox:
    """A mail server that keeps what it gets. `away`: it takes nothing just now."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.away = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.away:
            return "451 try again later"
        self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    port = free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.PUBLIC_URL = "https://chat.example.org"
    yield mailbox
    server.stop()


@pytest.fixture(autouse=True)
def clean(room: Room) -> None:
    Notification.objects.all().delete()


def later(minutes: int = 11) -> None:
    """Time goes by, and the queue is worked off."""
    for row in Notification.objects.all():
        row.created_at -= timedelta(minutes=minutes)
        row.save(update_fields=["created_at"])
    mail_unread.call()
    while (task := queue.take("test")) is not None:
        try:
            task.task.call(*task.args_kwargs["args"])
        except OSError as error:
            queue.failed(task, error)
        else:
            queue.done(task)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_what_waits_for_ten_minutes_comes_in_one_mail(
    mailbox: Mailbox, alice: User, bob: User, room: Room, say: Say
) -> None:
    talk = open_direct(actor=alice, other=bob)
    say(alice, room, "Lunch?")
    named = say(alice, room, "Or tea, <b> @bob?")
    say(alice, talk, "Hello\n\n**there**")
    later(9)
    assert mailbox.mails == []
    later(2)
    (mail,) = mailbox.mails
    assert mail["To"] == bob.email and mail["Subject"].startswith("Alice: 2 unread in ")
    text, html = part(mail, "plain"), part(mail, "html")
    for words in ("#Board", "Alice, ", "Lunch?", "> Alice", "Or tea, <b> @bob?", "Hello there"):
        assert words in text
    assert text.index("Lunch?") < text.index("Or tea")
    link = f"https://chat.example.org/rooms/board/{named.pk}/"
    assert link in text and f'href="{link}"' in html and "https://chat.example.org/people/alice/" in text
    assert "Or tea, &lt;b&gt; @bob?" in html
    later(60)
    assert len(mailbox.mails) == 1, "each is mailed once"
    assert Notification.objects.unread().count() == 2, "a mail reads nothing"


def test_what_is_read_meanwhile_is_not_mailed(mailbox: Mailbox, alice: User, bob: User, room: Room, say: Say) -> None:
    mark_read(user=bob, room_id=room.pk, seq=say(alice, room, "@bob").seq)
    later()
    assert mailbox.mails == []


def test_a_mail_that_could_not_be_sent_is_sent_again(
    mailbox: Mailbox, alice: User, bob: User, room: Room, say: Say
) -> None:
    say(alice, room, "@bob")
    mailbox.away = True
    later()
    mailbox.away = False
    later(1)
    assert len(mailbox.mails) == 1
    mail_to.call(bob.pk)
    assert len(mailbox.mails) == 1


def test_it_is_stopped_by_one_click_and_by_hand(
    mailbox: Mailbox, client: Client, alice: User, bob: User, room: Room, say: Say
) -> None:
    say(alice, room, "@bob one")
    later()
    (mail,) = mailbox.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<https://chat\.example\.org(/mail/stop/[^>]+/)>", mail["List-Unsubscribe"].strip())
    assert found is not None
    path = found[1]
    assert "No mails any more?" in client.get(path).content.decode()
    say(alice, room, "@bob two")
    later()
    assert len(mailbox.mails) == 2, "to look at the link stops nothing"
    mailboxes = Client(enforce_csrf_checks=True)
    assert mailboxes.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    say(alice, room, "@bob three")
    later()
    assert len(mailbox.mails) == 2
    assert client.get(path.replace("stop/", "stop/x")).status_code == 404
    choose(actor=bob, mails=True)
    later()
    assert len(mailbox.mails) == 3


def test_nobody_without_an_address_and_no_stranger_gets_one(
    mailbox: Mailbox, alice: User, bob: User, room: Room, say: Say
) -> None:
    User.objects.filter(pk=bob.pk).update(email="")
    say(alice, room, "@bob")
    later()
    User.objects.filter(pk=bob.pk).update(email="bob@example.org", is_active=False)
    later()
    assert mailbox.mails == []


def test_many_are_a_short_mail(mailbox: Mailbox, alice: User, bob: User, room: Room, say: Say) -> None:
    for number in range(25):
        say(alice, room, f"@bob number {number}")
    later()
    (mail,) = mailbox.mails
    text = part(mail, "plain")
    assert "5 more and what is below" in text and "number 24" in text and "> Alice" in text
    assert mail["Subject"].startswith("Alice: 25 unread")

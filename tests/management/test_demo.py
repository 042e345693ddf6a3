"""`manage.py demo`: a small team at work."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from chat.management.demo.filling import TALKS
from chat.management.demo.lines import moment, pins, read, said
from chat.models import (
    Bookmark,
    LinkPreview,
    Membership,
    Message,
    MessageRevision,
    Notification,
    Report,
    Room,
    ThreadFollower,
    Upload,
    User,
    Workspace,
)
from chat.operations.previews.tasks import make_previews

MARKUP = (
    "<pre><code class=",
    "<table>",
    "<li>",
    "<blockquote>",
    'class="action"',
    'class="mention" data-user=',
    'class="mention" data-everybody=',
    'class="room-link"',
    'class="spoiler"',
    'type="checkbox"',
    "<a ",
)
FILE_TYPES = ("image/jpeg", "image/png", "audio/wav", "application/pdf")

pytestmark = pytest.mark.django_db


def test_it_fills_an_empty_parley(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    printed = re.search(r"Sign in as (\S+), the owner, with the password (\S+)", capsys.readouterr().out)
    assert printed is not None
    owner = User.objects.get(username=printed[1])
    assert owner.is_superuser and owner.check_password(printed[2])
    assert User.objects.get(username="priya").check_password(printed[2])
    assert not User.objects.get(is_bot=True).has_usable_password()
    assert {"open", "private", "direct"} == set(Room.objects.values_list("kind", flat=True))
    lobby = Workspace.current().lobby
    assert lobby is not None and lobby.messages.count() > 10


def test_it_shows_what_there_is_to_see() -> None:
    call_command("demo")
    messages = Message.objects.all()
    assert messages.exclude(reply_to=None).exists()
    assert messages.exclude(thread=None).exists()
    assert messages.exclude(reactions=None).exists()
    assert messages.exclude(pinned=None).exists()
    assert messages.exclude(everybody=None).exists()
    assert messages.exclude(edited_at=None).exists()
    assert messages.exclude(deleted_at=None).exists()
    for markup in MARKUP:
        assert messages.filter(html__contains=markup).exists(), markup
    assert set(Upload.objects.exclude(message=None).values_list("type", flat=True)) == set(FILE_TYPES)
    assert MessageRevision.objects.exists()
    assert Bookmark.objects.filter(user__username="ada").exists()
    assert Room.objects.filter(posting=Room.Posting.MODERATORS).exists()
    assert Room.objects.exclude(slow_seconds=0).exists()
    assert Report.objects.open().count() == 1


def test_its_owner_has_something_to_read() -> None:
    call_command("demo")
    owner = Membership.objects.live().filter(user__is_superuser=True).with_unread()
    unread = {stay.room.name: (stay.unread, stay.mentions) for stay in owner}  # type: ignore[attr-defined]
    assert unread["General"] == (3, 1)
    assert unread["Design"] == (0, 0)
    threads = ThreadFollower.objects.filter(user__is_superuser=True).with_unread()
    assert {(row.unread, row.mentions) for row in threads} == {(1, 0), (1, 1)}  # type: ignore[attr-defined]
    kinds = Notification.objects.filter(user__is_superuser=True, read_at=None).values_list("kind", flat=True)
    assert set(kinds) >= {"mention", "room", "reply", "direct", "report"}


def test_its_links_have_cards_that_nobody_was_asked_for() -> None:
    call_command("demo")
    pictured = LinkPreview.objects.exclude(image="")
    assert pictured.filter(shown__message__room__slug="general").count() == 1
    assert LinkPreview.objects.filter(image="", failed=False, shown__isnull=False).exists()
    assert all(storages["files"].exists(preview.image) for preview in pictured)
    tasks = set(DBTaskResult.objects.values_list("task_path", flat=True))
    assert make_previews.module_path not in tasks


def test_the_password_may_be_chosen() -> None:
    call_command("demo", password="lighthouse at noon")
    assert User.objects.get(username="ada").check_password("lighthouse at noon")


def test_a_bad_password_is_refused_and_nothing_is_left() -> None:
    with pytest.raises(CommandError, match="password: "):
        call_command("demo", password="1234")
    assert not User.objects.exists() and not Room.objects.exists()


def test_a_parley_with_anybody_in_it_is_left_alone() -> None:
    User.objects.create_user("somebody")
    with pytest.raises(CommandError, match="only an empty Parley"):
        call_command("demo")
    assert User.objects.count() == 1


@pytest.mark.parametrize("hour", [0, 7, 23])
@pytest.mark.parametrize("weekday", range(7))
def test_the_talk_is_in_order_and_past_whenever_it_is_told(weekday: int, hour: int) -> None:
    now = datetime(2026, 11, 16, hour, 30, tzinfo=UTC) + timedelta(days=weekday)
    for name in TALKS:
        talk = read(name)
        times = [moment(line.day, line.when, now) for line in talk.lines]
        assert times == sorted(times) and times[-1] <= now, name
        assert all(at.weekday() < 5 for at, line in zip(times, talk.lines, strict=True) if line.day)
        assert {line.who for line in talk.lines} <= talk.members | {"buildwatch"}


def test_answers_answer_something() -> None:
    for name in TALKS:
        posts = said(read(name), timezone.now())
        first = {post.id for post in posts if post.begins}
        assert {post.thread for post in posts if post.thread} == first, name


def test_what_is_pinned_was_said_before() -> None:
    now = timezone.now()
    for name in TALKS:
        talk = read(name)
        assert {pin.message for pin in pins(talk, now)} <= {post.id for post in said(talk, now)}, name

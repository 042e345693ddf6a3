"""make_previews, edits and deletes of what has cards, drop_previews, sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from chat.models import BackgroundTask, Event, LinkPreview, Message, Room, ShownPreview, User
from chat.models.previews import FAILURE_FRESH, FRESH, KEPT, hash_of
from chat.operations.messages import delete_message, edit_message
from chat.operations.previews import showing, tasks
from chat.operations.previews.fetching import FETCHES, host_limit
from chat.operations.previews.showing import drop_previews
from chat.operations.rooms import update_room
from chat.protocol.errors import Forbidden, NotFound
from tests.api.uploads.tools import stored, work
from tests.operations.conftest import Say
from tests.support.pictures import picture
from tests.support.refusals import refused
from tests.support.snapshot import Snapshot, agreeing, events_since
from tests.support.zoo import Zoo, article, moved, page, status

pytestmark = pytest.mark.usefixtures("folder")
Linked = Callable[..., Message]


@pytest.fixture
def linked(alice: User, room: Room, zoo: Zoo, say: Say) -> Linked:
    """`linked("one", "two")` posts links to /one and /two, which are there, with an image each, and has cards made."""
    zoo.pages["/image"] = page(picture((600, 300)), "image/png")

    def post(*names: str) -> Message:
        message = say(alice, room, body(zoo, *names))
        work()
        return Message.objects.get(pk=message.pk)

    return post


def body(zoo: Zoo, *names: str) -> str:
    zoo.pages |= {f"/{name}": article(name.title(), "Words", "/image") for name in names}
    return "Look: " + " ".join(zoo.url(f"/{name}") for name in names)


def titles(message: Message) -> list[str] | None:
    message.refresh_from_db()
    return None if message.previews is None else [each["title"] for each in message.previews]


def test_links_get_cards_and_their_room_hears(alice: User, room: Room, zoo: Zoo, say: Say, folder: Path) -> None:
    zoo.pages["/image"] = page(picture((600, 300)), "image/png")
    message = say(alice, room, body(zoo, "two", "one") + " and " + zoo.url("/one#below"))
    assert message.previews is None and zoo.asked == [], "a post waits for nobody"
    with agreeing() as events:
        work()
    (event,) = events
    assert (event["type"], event["data"]["seq"]) == ("message.previewed", message.seq)
    two, one = event["data"]["previews"]
    assert (two["title"], one["title"], one["url"], one["site"]) == ("Two", "One", zoo.url("/one"), "127.0.0.1")
    assert (one["image"]["width"], one["image"]["height"]) == (480, 240)
    preview = LinkPreview.objects.get(url=zoo.url("/one"))
    assert one["image"]["url"] == f"/api/v1/previews/{preview.pk}/" and len(stored(folder)) == 2
    assert sorted(zoo.paths) == ["/image", "/image", "/one", "/two"]


def test_no_more_than_three(linked: Linked, zoo: Zoo) -> None:
    assert titles(linked("one", "two", "three", "four")) == ["One", "Two", "Three"]
    assert "/four" not in zoo.paths


def test_what_cannot_be_shown_is_left_out(linked: Linked, zoo: Zoo, alice: User, room: Room, say: Say) -> None:
    zoo.pages["/bad"] = status(500)
    message = say(alice, room, f"{zoo.url('/bad')} {body(zoo, 'good')}")
    work()
    assert titles(message) == ["Good"]
    only = say(alice, room, zoo.url("/bad"))
    with agreeing() as events:
        work()
    assert events == [] and titles(only) is None
    assert not BackgroundTask.objects.exclude(status="SUCCESSFUL").exists()


def test_a_room_without_previews_has_nothing_fetched(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    waiting = say(alice, room, body(zoo, "one"))
    update_room(actor=alice, room_id=room.pk, previews=False)
    say(alice, room, body(zoo, "two"))
    assert BackgroundTask.objects.count() == 1, "the one from before"
    work()
    assert zoo.asked == [] and titles(waiting) is None


def test_words_without_links_are_no_task(alice: User, room: Room, say: Say) -> None:
    for words in ("hello", "`https://a.example`", "ada@a.example", "#board"):
        say(alice, room, words)
    assert not BackgroundTask.objects.exists()


# Kept --------------------------------------------------------------------------------------------


def test_what_was_fetched_is_kept_a_day(linked: Linked, zoo: Zoo, folder: Path) -> None:
    first, again = linked("one"), linked("one")
    assert zoo.paths.count("/one") == 1 and first.previews == again.previews
    LinkPreview.objects.update(fetched_at=timezone.now() - FRESH)
    zoo.pages["/one"] = article("Another")
    later = Message.objects.get(pk=again.pk)
    tasks.make_previews.call(later.pk)
    assert zoo.paths.count("/one") == 1, "a message keeps what it shows"
    fresh = linked("one")
    assert zoo.paths.count("/one") == 2 and LinkPreview.objects.count() == 2
    assert titles(first) == ["One"] == titles(fresh) and first.previews != fresh.previews
    assert len(stored(folder)) == 2, "each has its own image"


def test_a_failure_is_kept_an_hour(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    for _ in range(2):
        say(alice, room, zoo.url("/missing"))
        work()
    assert zoo.paths == ["/missing"]
    LinkPreview.objects.update(fetched_at=timezone.now() - FAILURE_FRESH)
    message = say(alice, room, body(zoo, "missing"))
    work()
    assert titles(message) == ["Missing"]


def test_of_two_processes_that_fetch_at_once_one_is_kept(linked: Linked, zoo: Zoo, folder: Path, say: Say) -> None:
    message = linked("one")
    late = tasks.preview_of(zoo.url("/one"), None)
    late.image = LinkPreview.objects.get().image + "-late"
    (folder / late.image).write_bytes(b"late")
    showing.show(message.pk, [late])
    work()
    assert LinkPreview.objects.get().title == "One" and titles(message) == ["One"]
    assert len(stored(folder)) == 1, "the image of the other one is gone"


def test_what_nobody_shows_is_swept_with_its_image(
    linked: Linked, alice: User, folder: Path, zoo: Zoo, settings: Any
) -> None:
    gone, shown = linked("one"), linked("two")
    delete_message(actor=alice, message_id=gone.pk)
    assert not tasks.sweep() and LinkPreview.objects.count() == 2
    LinkPreview.objects.update(used_at=timezone.now() - KEPT - timedelta(hours=1))
    tasks.sweep()
    work()
    assert LinkPreview.objects.get().url == zoo.url("/two") and len(stored(folder)) == 1
    assert titles(shown) == ["Two"]


# Edits, deletes ----------------------------------------------------------------------------------


def test_an_edit_takes_cards_away_and_brings_others(linked: Linked, alice: User, zoo: Zoo) -> None:
    message = linked("one", "two")
    with agreeing() as events:
        seq = edit_message(actor=alice, message_id=message.pk, body=body(zoo, "three", "two"))
    assert [event["type"] for event in events] == ["message.edited", "message.previewed"] and events[0]["seq"] == seq
    assert titles(message) == ["Two"] and ShownPreview.objects.count() == 1
    with agreeing() as events:
        work()
    assert titles(message) == ["Three", "Two"] and [event["type"] for event in events] == ["message.previewed"]
    assert zoo.paths.count("/two") == 1
    with agreeing():
        edit_message(actor=alice, message_id=message.pk, body="no more")
    assert titles(message) is None and not ShownPreview.objects.exists()
    assert not BackgroundTask.objects.exclude(status="SUCCESSFUL").exists()


def test_an_edit_of_other_words_tells_nothing_of_cards(linked: Linked, alice: User) -> None:
    message = linked("one")
    with agreeing() as events:
        edit_message(actor=alice, message_id=message.pk, body=f"{message.body}!!! **really**")
    assert [event["type"] for event in events] == ["message.edited"]


def test_what_no_longer_stands_there_is_not_told(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    edited, deleted = say(alice, room, body(zoo, "one", "two")), say(alice, room, body(zoo, "three"))
    fetched = tasks._fetch([zoo.url(f"/{name}") for name in ("one", "two", "three")])[0]
    edit_message(actor=alice, message_id=edited.pk, body=zoo.url("/two"))
    delete_message(actor=alice, message_id=deleted.pk)
    with agreeing() as events:
        for message in (edited, deleted):
            showing.show(message.pk, fetched)
    assert len(events) == 1 and titles(edited) == ["Two"] and titles(deleted) is None


def test_a_deleted_message_takes_its_cards_with_it_also_from_the_log(linked: Linked, alice: User, zoo: Zoo) -> None:
    before = Snapshot.take()
    message = linked("one")
    with agreeing():
        delete_message(actor=alice, message_id=message.pk)
    assert titles(message) is None and not ShownPreview.objects.exists()
    assert not Event.objects.filter(payload__contains='"One"').exists()
    for event in events_since(before.heads):
        before.apply(event)
    assert before.messages == Snapshot.take().messages


# By hand -----------------------------------------------------------------------------------------


def test_the_author_takes_them_off_for_good(linked: Linked, alice: User, zoo: Zoo) -> None:
    message = linked("one")
    with agreeing() as events:
        seq = drop_previews(actor=alice, message_id=message.pk)
        assert drop_previews(actor=alice, message_id=message.pk) == seq
    assert [(event["type"], event["data"]["previews"]) for event in events] == [("message.previewed", [])]
    edit_message(actor=alice, message_id=message.pk, body=body(zoo, "two"))
    assert not BackgroundTask.objects.exclude(status="SUCCESSFUL").exists()
    assert titles(message) == [] and not ShownPreview.objects.exists()


def test_what_is_still_being_fetched_is_not_wanted_either(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    message = say(alice, room, body(zoo, "one"))
    with agreeing() as events:
        drop_previews(actor=alice, message_id=message.pk)
        work()
    assert events == [] and zoo.asked == []


def test_who_moderates_may_others_may_not(
    bob: User, moderator: User, mallory: User, alice: User, linked: Linked, room: Room
) -> None:
    message = linked("one")
    with refused(Forbidden):
        drop_previews(actor=bob, message_id=message.pk)
    with refused(NotFound, "message"):
        drop_previews(actor=mallory, message_id=message.pk)
    with agreeing():
        drop_previews(actor=moderator, message_id=message.pk)
    update_room(actor=alice, room_id=room.pk, archived=True)
    with refused(Forbidden, "room"):
        drop_previews(actor=alice, message_id=message.pk)


# Rates, tries ------------------------------------------------------------------------------------


def test_a_busy_host_is_asked_again_later(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    for _ in range(FETCHES):
        host_limit.count("127.0.0.1")
    message = say(alice, room, body(zoo, "one"))
    work()
    assert zoo.asked == [] and titles(message) is None
    again = BackgroundTask.objects.exclude(status="SUCCESSFUL").get()
    assert again.run_after > timezone.now() + timedelta(seconds=50)
    assert again.args_kwargs["args"] == [message.pk, 2]
    host_limit._acts.clear()
    tasks.make_previews.call(message.pk, 2)
    assert titles(message) == ["One"]


def test_one_that_stays_busy_is_left_out(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    for _ in range(FETCHES):
        host_limit.count("127.0.0.1")
    message = say(alice, room, body(zoo, "one"))
    work()
    known = BackgroundTask.objects.count()
    tasks.make_previews.call(message.pk, tasks.TRIES)
    assert BackgroundTask.objects.count() == known


def test_a_task_that_was_cut_is_done_again(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    message = say(alice, room, body(zoo, "one"))
    for _ in range(2):
        tasks.make_previews.call(message.pk)
    assert titles(message) == ["One"] and zoo.paths == ["/one", "/image"]


def test_the_card_leads_where_the_message_does(alice: User, room: Room, zoo: Zoo, say: Say) -> None:
    zoo.pages["/short"] = moved("/long")
    body(zoo, "long")
    message = say(alice, room, zoo.url("/short#part"))
    work()
    message.refresh_from_db()
    assert message.previews[0]["url"] == zoo.url("/short#part")
    assert LinkPreview.objects.get().url_hash == hash_of(zoo.url("/short"))

"""Who may write, slow mode, muting, reports, and the list of what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat.models import AuditEntry, Membership, Message, Report, Room, User
from chat.operations.membership import add_member, change_role, leave_room, remove_member
from chat.operations.messages import delete_message, edit_message
from chat.operations.moderation import close_report, mute_member, report_message
from chat.operations.reactions import react
from chat.operations.rooms import open_direct, update_room
from chat.protocol.errors import BadRequest, Forbidden, NotFound, RateLimited
from tests.operations.conftest import Say
from tests.support.refusals import refused
from tests.support.snapshot import agreeing


def acts(room: Room) -> list[tuple[str, str | None, str | None, Any]]:
    """(act, user name of who did it, of whom it was about, details), the oldest first."""
    rows = AuditEntry.objects.of_room(room).select_related("actor", "user")
    return [
        (row.act, row.actor and row.actor.username, row.user and row.user.username, row.details)
        for row in reversed(rows)
    ]


# Who writes ------------------------------------------------------------------------------------


def test_in_a_room_of_moderators_others_read_and_react(
    alice: User, bob: User, moderator: User, room: Room, say: Say
) -> None:
    before = say(bob, room, "before")
    with agreeing() as events:
        update_room(actor=alice, room_id=room.pk, posting="moderators")
    assert events[0]["data"]["room"]["posting"] == "moderators"
    for thread in (None, before):
        with refused(Forbidden, "room"):
            say(bob, room, "after", thread=thread)
    with refused(Forbidden, "room"):
        edit_message(actor=bob, message_id=before.pk, body="after")
    react(actor=bob, message_id=say(moderator, room, "News").pk, emoji="👍", on=True)
    say(alice, room, "More news")
    update_room(actor=alice, room_id=room.pk, posting="everyone")
    say(bob, room, "at last")
    assert acts(room) == [
        ("room.changed", "alice", None, {"posting": ["everyone", "moderators"]}),
        ("room.changed", "alice", None, {"posting": ["moderators", "everyone"]}),
    ]


def test_in_slow_mode_members_wait(alice: User, bob: User, room: Room, say: Say) -> None:
    with agreeing():
        update_room(actor=alice, room_id=room.pk, slow_seconds=60)
    say(bob, room, "one")
    with pytest.raises(RateLimited) as caught:
        say(bob, room, "two")
    assert caught.value.retry_after is not None and 50 < caught.value.retry_after <= 60
    for number in range(3):
        say(alice, room, f"moderators do not: {number}")
    Membership.objects.filter(user=bob).update(posted_at=timezone.now() - timedelta(seconds=61))
    say(bob, room, "two")


def test_slow_mode_counts_within_one_batch(alice: User, bob: User, room: Room) -> None:
    import uuid

    from chat.operations.drafts import draft
    from chat.operations.posting import Posted, commit_posts

    update_room(actor=alice, room_id=room.pk, slow_seconds=60)
    drafts = [
        draft(sender_id=bob.pk, room_id=room.pk, client_id=uuid.uuid4(), body=f"number {number}") for number in (1, 2)
    ]
    first, second = commit_posts(drafts)
    assert isinstance(first, Posted) and isinstance(second, RateLimited)
    (again,) = commit_posts(drafts[:1])
    assert isinstance(again, Posted) and again.repeated


@pytest.mark.parametrize(("field", "value"), [("posting", "nobody"), ("slow_seconds", -1), ("slow_seconds", 21_601)])
def test_rules_that_cannot_be(alice: User, room: Room, field: str, value: Any) -> None:
    with refused(BadRequest, field):
        update_room(actor=alice, room_id=room.pk, **{field: value})


def test_only_moderators_set_rules(bob: User, room: Room) -> None:
    with refused(Forbidden):
        update_room(actor=bob, room_id=room.pk, slow_seconds=5)


def test_bots_bring_their_news_all_the_same(alice: User, room: Room, say: Say) -> None:
    bot = User.objects.create_user("deploy", is_bot=True)
    add_member(actor=alice, room_id=room.pk, user_id=bot.pk)
    update_room(actor=alice, room_id=room.pk, posting="moderators", slow_seconds=60)
    said = say(bot, room, "released")
    edit_message(actor=bot, message_id=said.pk, body="and again")
    say(bot, room, "and again")


# Muting ----------------------------------------------------------------------------------------


def test_who_is_muted_writes_nothing_for_a_time(alice: User, bob: User, room: Room, say: Say) -> None:
    said = say(bob, room, "before")
    with agreeing() as events:
        mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=600)
    assert (events[0]["type"], events[0]["data"]["user"]["id"]) == ("member.updated", str(bob.pk))
    assert events[0]["data"]["muted_until"] is not None
    with refused(Forbidden, "room"):
        say(bob, room, "after")
    with refused(Forbidden, "room"):
        edit_message(actor=bob, message_id=said.pk, body="after")
    Membership.objects.filter(user=bob).update(muted_until=timezone.now() - timedelta(seconds=1))
    say(bob, room, "the time is over")
    assert acts(room) == [("member.muted", "alice", "bob", {"seconds": 600})]


def test_who_is_muted_takes_reactions_back_and_adds_none(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Hello")
    react(actor=bob, message_id=message.pk, emoji="👍", on=True)
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=600)
    with refused(Forbidden, "room"):
        react(actor=bob, message_id=message.pk, emoji="🎉", on=True)
    react(actor=bob, message_id=message.pk, emoji="👍", on=False)
    update_room(actor=alice, room_id=room.pk, posting="moderators")
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=0)
    react(actor=bob, message_id=message.pk, emoji="🎉", on=True)


def test_who_is_muted_can_be_let_write_again(alice: User, bob: User, room: Room, say: Say) -> None:
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=600)
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=0)
    say(bob, room, "again")
    with agreeing() as events:
        mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=0)
    assert events == []
    mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=600)
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="moderator")
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="member")
    say(bob, room, "who moderates was let write, too")


def test_who_may_mute_whom(alice: User, bob: User, moderator: User, mallory: User, room: Room) -> None:
    which = {"room_id": room.pk, "seconds": 60}
    with refused(Forbidden):
        mute_member(actor=bob, user_id=bob.pk, **which)
    with refused(Forbidden, "user"):
        mute_member(actor=moderator, user_id=alice.pk, **which)
    with refused(NotFound):
        mute_member(actor=mallory, user_id=bob.pk, **which)
    with refused(NotFound, "user"):
        mute_member(actor=alice, user_id=mallory.pk, **which)
    with refused(BadRequest, "seconds"):
        mute_member(actor=alice, room_id=room.pk, user_id=bob.pk, seconds=10**9)
    talk = open_direct(actor=alice, other=bob)
    with refused(Forbidden):
        mute_member(actor=alice, room_id=talk.pk, user_id=bob.pk, seconds=5)
    mute_member(actor=moderator, user_id=bob.pk, **which)


# Reports ---------------------------------------------------------------------------------------


def test_a_report_reaches_who_moderates(alice: User, bob: User, moderator: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Cheap watches!")
    report = report_message(actor=bob, message_id=message.pk, reason=" an advertisement ")
    assert (report.body, report.reason, report.room) == ("Cheap watches!", "an advertisement", room)
    again = report_message(actor=bob, message_id=message.pk, reason="it is")
    assert (again.pk, again.reason) == (report.pk, "it is")
    assert [*Report.objects.visible_to(moderator)] == [report]
    assert not Report.objects.visible_to(bob).exists()
    close_report(actor=moderator, report_id=report.pk)
    with refused(NotFound, "report"):
        close_report(actor=alice, report_id=report.pk)
    assert report_message(actor=bob, message_id=message.pk).pk != report.pk
    assert acts(room) == [("report.closed", "carol", "bob", {})]


def test_who_may_report_and_close(alice: User, bob: User, mallory: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Hello")
    with refused(NotFound, "message"):
        report_message(actor=mallory, message_id=message.pk)
    with refused(BadRequest, "message"):
        report_message(actor=alice, message_id=message.pk)
    with refused(BadRequest, "reason"):
        report_message(actor=bob, message_id=message.pk, reason="x" * 501)
    report = report_message(actor=bob, message_id=message.pk)
    for somebody in (bob, mallory):
        with refused(NotFound, "report"):
            close_report(actor=somebody, report_id=report.pk)


def test_what_was_reported_is_kept_when_it_is_deleted(alice: User, bob: User, room: Room, say: Say) -> None:
    message = say(alice, room, "Cheap watches!")
    report = report_message(actor=bob, message_id=message.pk)
    delete_message(actor=alice, message_id=message.pk)
    report.refresh_from_db()
    assert report.body == "Cheap watches!"


# The list --------------------------------------------------------------------------------------


def test_what_moderators_do_is_written_down_and_what_anybody_may_is_not(
    alice: User, bob: User, moderator: User, room: Room, say: Say
) -> None:
    mine, theirs = say(moderator, room, "mine"), say(bob, room, "theirs")
    delete_message(actor=moderator, message_id=mine.pk)
    delete_message(actor=moderator, message_id=theirs.pk)
    change_role(actor=alice, room_id=room.pk, user_id=moderator.pk, role="owner")
    remove_member(actor=moderator, room_id=room.pk, user_id=bob.pk)
    update_room(actor=alice, room_id=room.pk, name="Board", topic="All of it")
    update_room(actor=alice, room_id=room.pk, archived=True)
    update_room(actor=alice, room_id=room.pk, archived=False)
    leave_room(actor=moderator, room_id=room.pk)
    assert acts(room) == [
        ("message.deleted", "carol", "bob", {}),
        ("role.changed", "alice", "carol", {"role": ["moderator", "owner"]}),
        ("member.removed", "carol", "bob", {}),
        ("room.changed", "alice", None, {"topic": ["", "All of it"]}),
        ("room.archived", "alice", None, {}),
        ("room.restored", "alice", None, {}),
    ]
    assert Message.objects.get(pk=theirs.pk).deleted_at is not None

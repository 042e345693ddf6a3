"""What is written down of sending: who has a hook, when it is tried again, when it is given up."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.hooks import noting
from chat.hooks.request import Outcome
from chat.models import Delivery, OutgoingHook, Room, Stream, User
from chat.operations import outgoing
from chat.operations.membership import change_role, remove_member

pytestmark = pytest.mark.django_db

HEARD, FAILED = Outcome(200, "", 5), Outcome(500, "", 5)


@pytest.fixture
def hook(alice: User, room: Room) -> OutgoingHook:
    made = outgoing.create_hook(actor=alice, room_id=room.pk, url="https://hooks.example.org/")
    Stream.objects.filter(pk=room.pk).update(head=made.cursor + 10)
    return made


def taken() -> OutgoingHook:
    (found,) = noting.take(10)
    return found


def test_one_process_at_a_time_has_it(hook: OutgoingHook) -> None:
    assert noting.is_due() and taken().pk == hook.pk
    assert noting.take(10) == [] and not noting.is_due()


def test_the_lease_of_a_process_that_died_ends(hook: OutgoingHook) -> None:
    taken()
    OutgoingHook.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert taken().pk == hook.pk


def test_what_is_heard_moves_the_cursor(hook: OutgoingHook) -> None:
    mine = taken()
    assert noting.note(mine, hook.cursor + 1, "message.posted", HEARD)
    assert noting.note(mine, hook.cursor + 2, "message.posted", HEARD)
    hook.refresh_from_db()
    assert hook.cursor == mine.cursor == Delivery.objects.latest("pk").seq


def test_whose_lease_has_ended_moves_nothing(hook: OutgoingHook) -> None:
    late = taken()
    OutgoingHook.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    taken()
    assert not noting.note(late, hook.cursor + 1, "message.posted", HEARD)
    assert OutgoingHook.objects.get().cursor == hook.cursor


def test_pauses_grow_from_seconds_to_an_hour(hook: OutgoingHook) -> None:
    pauses = []
    for _ in range(14):
        mine = taken()
        assert not noting.note(mine, hook.cursor + 1, "message.posted", FAILED)
        found = OutgoingHook.objects.get()
        assert found.retry_at is not None and found.cursor == hook.cursor
        pauses.append((found.retry_at - timezone.now()).total_seconds())
        OutgoingHook.objects.update(retry_at=timezone.now())
    assert 3 < pauses[0] <= 6 and 2880 <= pauses[-1] <= 4320
    assert all(later > 1.2 * sooner for sooner, later in itertools.pairwise(pauses[:9]))


def test_after_a_day_of_failures_it_is_disabled(hook: OutgoingHook) -> None:
    noting.note(taken(), hook.cursor + 1, "message.posted", FAILED)
    day_ago = timezone.now() - noting.GIVE_UP
    OutgoingHook.objects.update(retry_at=timezone.now(), failing_since=day_ago)
    noting.note(taken(), hook.cursor + 1, "message.posted", FAILED)
    found = OutgoingHook.objects.get()
    assert found.disabled_at is not None and "500" in found.disabled_why
    assert not noting.is_due()


def test_what_is_asked_for_again_meanwhile_is_not_overruled(alice: User, room: Room, hook: OutgoingHook) -> None:
    mine = taken()
    noting.note(mine, hook.cursor + 1, "message.posted", HEARD)
    outgoing.redeliver(actor=alice, room_id=room.pk, hook_id=hook.pk, seq=1)
    assert not noting.note(mine, hook.cursor + 2, "message.posted", HEARD)
    assert OutgoingHook.objects.get().cursor == 0


def test_a_hook_that_was_deleted_meanwhile(alice: User, room: Room, hook: OutgoingHook) -> None:
    mine = taken()
    outgoing.delete_hook(actor=alice, room_id=room.pk, hook_id=hook.pk)
    assert not noting.note(mine, hook.cursor + 1, "message.posted", HEARD)


def test_only_the_last_tries_are_kept(hook: OutgoingHook) -> None:
    mine = taken()
    for _ in range(noting.KEPT + 20):
        noting.note(mine, hook.cursor + 1, "message.posted", HEARD)
    noting.give_back(mine)
    assert Delivery.objects.count() == noting.KEPT
    assert OutgoingHook.objects.get().leased_until is None


@pytest.mark.parametrize("gone", ["put out", "demoted", "disabled"])
def test_what_nobody_answers_for_is_disabled_until_a_moderator_enables_it(
    alice: User, bob: User, room: Room, hook: OutgoingHook, gone: str
) -> None:
    change_role(actor=alice, room_id=room.pk, user_id=bob.pk, role="owner")
    if gone == "put out":
        remove_member(actor=bob, room_id=room.pk, user_id=alice.pk)
    elif gone == "demoted":
        change_role(actor=bob, room_id=room.pk, user_id=alice.pk, role="member")
    else:
        User.objects.filter(pk=alice.pk).update(is_active=False)
    assert noting.take(10) == []
    hook.refresh_from_db()
    assert hook.disabled_at is not None and "does not moderate" in hook.disabled_why
    outgoing.update_hook(actor=bob, room_id=room.pk, hook_id=hook.pk, enabled=True)
    assert taken().created_by == bob

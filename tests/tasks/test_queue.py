"""The queue: done once, tried again, given back, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from chat.models import BackgroundTask
from chat.models.tasks import KEPT, LEASE, TRIES
from chat.operations import housekeeping
from chat.operations.housekeeping import hourly
from chat.tasks import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued() -> BackgroundTask:
    return BackgroundTask.objects.get(pk=hourly.enqueue().id)


def aged(task: BackgroundTask, by: timedelta) -> None:
    BackgroundTask.objects.filter(pk=task.pk).update(started_at=timezone.now() - by, finished_at=timezone.now() - by)


def test_a_task_is_taken_once_and_done(queued: BackgroundTask) -> None:
    assert queue.is_due()
    taken = queue.take("one")
    assert taken == queued and queue.take("two") is None and not queue.is_due()
    taken.task.call()
    queue.done(taken)
    queued.refresh_from_db()
    assert queued.status == "SUCCESSFUL" and queued.worker_ids == ["one"]


def test_what_is_rolled_back_was_never_enqueued() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        hourly.enqueue()
        raise ZeroDivisionError
    assert not queue.is_due()


def test_a_task_that_fails_is_tried_again_later_and_at_last_is_left(queued: BackgroundTask) -> None:
    for _ in range(TRIES):
        assert BackgroundTask.objects.filter(pk=queued.pk).update(run_after=timezone.now())
        taken = queue.take("one")
        assert taken is not None
        queue.failed(taken, ValueError("no such thing"))
        assert not queue.is_due(), "the next try has to wait"
    queued.refresh_from_db()
    assert queued.status == "FAILED" and "no such thing" in queued.traceback
    housekeeping.try_again(task_id=queued.pk)
    assert queue.take("two") == queued


def test_what_a_dead_worker_had_is_given_back_and_not_before(queued: BackgroundTask) -> None:
    dead = queue.take("dead")
    assert dead is not None
    queue.tidy()
    assert BackgroundTask.objects.get(pk=queued.pk).status == "RUNNING"
    aged(queued, LEASE + timedelta(seconds=1))
    queue.tidy()
    assert BackgroundTask.objects.get(pk=queued.pk).status == "READY"
    queue.done(dead)
    assert BackgroundTask.objects.get(pk=queued.pk).status == "READY", "who is thought dead has no say any more"


def test_a_worker_that_renews_keeps_its_task(queued: BackgroundTask) -> None:
    taken = queue.take("slow")
    assert taken is not None
    queue.renew(taken)
    queue.tidy()
    queue.done(taken)
    assert BackgroundTask.objects.get(pk=queued.pk).status == "SUCCESSFUL"


def test_each_hour_has_its_housekeeping_and_each_five_minutes_their_mails_once() -> None:
    queue.tidy()
    queue.tidy()
    assert sorted(task.task_path for task in BackgroundTask.objects.all()) == [
        "chat.operations.housekeeping.hourly",
        "chat.operations.notifying.tasks.mail_digests",
        "chat.operations.notifying.tasks.mail_unread",
    ]


def test_old_tasks_are_pruned(queued: BackgroundTask) -> None:
    taken = queue.take("one")
    assert taken is not None
    queue.done(taken)
    hourly.call()
    assert BackgroundTask.objects.filter(pk=queued.pk).exists()
    aged(queued, KEPT + timedelta(minutes=1))
    hourly.call()
    assert not BackgroundTask.objects.exists()

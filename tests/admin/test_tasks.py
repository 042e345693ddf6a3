"""The queue of background work."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from chat.models import BackgroundTask
from chat.operations.housekeeping import hourly
from chat.tasks import queue
from tests.admin.pages import act, listing, page, text, told


def test_the_queue_is_shown_and_what_failed_is_tried_again(desk: Client) -> None:
    task = BackgroundTask.objects.get(pk=hourly.enqueue().id)
    assert "hourly" in text(desk.get(listing("backgroundtask")))
    assert "Try again" not in text(desk.get(page(task)))
    BackgroundTask.objects.filter(pk=task.pk).update(status="FAILED", finished_at=timezone.now(), traceback="No <disk>")
    assert "No <disk>" in text(desk.get(page(task)))
    assert told(act(desk, "backgroundtask", "again", task)) == ["Put in line again: 1 background task."]
    assert queue.take("one") == task


def test_what_has_not_failed_is_left_alone(desk: Client) -> None:
    task = BackgroundTask.objects.get(pk=hourly.enqueue().id)
    assert "has not failed" in told(act(desk, "backgroundtask", "again", task))[0]

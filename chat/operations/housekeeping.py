"""What is done every hour, whatever happens."""

import uuid

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus as Status

from chat.models import BackgroundTask
from chat.operations.files import orphans
from chat.operations.files.tasks import sweep
from chat.operations.previews.tasks import sweep as sweep_previews
from chat.protocol.errors import Conflict
from chat.streams import writer

AT_ONCE = 500
"""Rows that one transaction deletes: nobody who posts waits long for it."""


@task()
def hourly() -> None:
    writer.perform(sweep)
    while writer.perform(sweep_previews):
        pass
    while writer.perform(_prune_tasks):
        pass
    orphans.sweep()


def _prune_tasks() -> bool:
    keys = list(BackgroundTask.objects.old(timezone.now()).values_list("pk", flat=True)[:AT_ONCE])
    BackgroundTask.objects.filter(pk__in=keys).delete()
    return len(keys) == AT_ONCE


def try_again(*, task_id: uuid.UUID) -> None:
    """Puts a task that failed in line again. Raises Conflict when it did not fail."""
    failed = BackgroundTask.objects.failed().filter(pk=task_id)
    if not failed.update(status=Status.READY, run_after=timezone.now(), finished_at=None, worker_ids=[]):
        raise Conflict("this task has not failed")

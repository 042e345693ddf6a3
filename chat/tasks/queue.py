"""What is written down of background work. Each of these is one short transaction, done in the writer's thread."""

import traceback
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.utils import timezone
from django_tasks.base import Task
from django_tasks.base import TaskResultStatus as Status

from chat.models.tasks import LEASE, TRIES, BackgroundTask
from chat.operations.housekeeping import hourly
from chat.operations.notifying.tasks import mail_digests, mail_unread

logger = structlog.stdlib.get_logger(__name__)

MAIL_MINUTES: Final = 5
FIRST_RETRY: Final = timedelta(seconds=5)
_TIMES: Final = uuid.UUID("0a8b2a94-5b7d-4f0e-9d43-0e1a4b8f8a11")


def is_due() -> bool:
    """Whether there is anything to do, for a reader thread."""
    return bool(BackgroundTask.objects.ready().exists())


def take(worker: str) -> BackgroundTask | None:
    """Takes the most urgent task. Of two processes at once one gets it."""
    task = BackgroundTask.objects.next()
    if task is None:
        return None
    now, workers = timezone.now(), [*task.worker_ids, worker]
    free = BackgroundTask.objects.filter(pk=task.pk, status=Status.READY)
    if not free.update(status=Status.RUNNING, started_at=now, worker_ids=workers):
        return None
    task.status, task.started_at, task.worker_ids = Status.RUNNING, now, workers
    return task


def renew(task: BackgroundTask) -> None:
    """Says that `task` is still being done."""
    now = timezone.now()
    if _mine(task).update(started_at=now):
        task.started_at = now


def done(task: BackgroundTask) -> None:
    now = timezone.now()
    _mine(task).update(status=Status.SUCCESSFUL, finished_at=now, exception_class_path="", traceback="")


def failed(task: BackgroundTask, error: BaseException) -> None:
    """Tried again after a while, longer each time; after `TRIES` it stays as it is, for the admin to show."""
    now = timezone.now()
    why = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(traceback.format_exception(error)),
    }
    if task.tries < TRIES:
        again = now + FIRST_RETRY * 4 ** (task.tries - 1)
        _mine(task).update(status=Status.READY, run_after=again, **why)
    else:
        _mine(task).update(status=Status.FAILED, finished_at=now, **why)
    logger.error("a background task failed", task=task.task_path, tries=task.tries, exc_info=error)


def _mine(task: BackgroundTask) -> Any:
    """The task's row, as long as it is as this process has taken it."""
    return BackgroundTask.objects.filter(pk=task.pk, status=Status.RUNNING, started_at=task.started_at)


def tidy() -> None:
    """Gives back what dead workers had, and sees to it that each hour has its housekeeping and each five minutes have
    their mails, once for all nodes."""
    now = timezone.now()
    deserted = BackgroundTask.objects.deserted(now)
    for task in deserted:
        died = {"exception_class_path": "", "traceback": f"No word from {task.worker_ids[-1]} for {LEASE}."}
        if task.tries < TRIES:
            _mine(task).update(status=Status.READY, **died)
        else:
            _mine(task).update(status=Status.FAILED, finished_at=now, **died)
    minute = now.replace(second=0, microsecond=0)
    _schedule(hourly, minute.replace(minute=0))
    _schedule(mail_digests, minute.replace(minute=0))
    _schedule(mail_unread, minute.replace(minute=minute.minute // MAIL_MINUTES * MAIL_MINUTES))


def _schedule(task: "Task[[], None]", at: datetime) -> None:
    """The id follows from the task and the time, so that the second to ask adds nothing."""
    row = BackgroundTask(
        id=uuid.uuid5(_TIMES, f"{task.module_path} {at.isoformat()}"),
        args_kwargs={"args": [], "kwargs": {}},
        priority=task.priority,
        task_path=task.module_path,
        queue_name=task.queue_name,
        backend_name=task.backend,
        run_after=at,
    )
    if not BackgroundTask.objects.filter(pk=row.pk).exists():
        BackgroundTask.objects.bulk_create([row], ignore_conflicts=True)

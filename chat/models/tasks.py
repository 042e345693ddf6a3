"""What is to be done in the background."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django.db import models
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

LEASE: Final = timedelta(seconds=60)
"""Whoever has a task and has not renewed this for so long is dead."""
TRIES: Final = 5
KEPT: Final = timedelta(days=1)
KEPT_FAILED: Final = timedelta(days=14)


class BackgroundTaskQuerySet(DBTaskResultQuerySet):
    def deserted(self, now: datetime) -> models.QuerySet[Any]:
        """Those that run, as far as is known, at a worker that is no more."""
        return self.running().filter(started_at__lt=now - LEASE)

    def next(self) -> "BackgroundTask | None":
        """The most urgent of those that may be begun."""
        found: Any = self.ready().first()
        return found

    def old(self, now: datetime) -> models.QuerySet[Any]:
        """Finished so long ago that nobody asks."""
        done = self.successful().filter(finished_at__lt=now - KEPT)
        return done | self.failed().filter(finished_at__lt=now - KEPT_FAILED)


class BackgroundTask(DBTaskResult):
    """A call of a function that `django_tasks.task` decorates. While it runs, `started_at` is when that was last said.

    `worker_ids` has one entry for each try.
    """

    objects: ClassVar[Any] = BackgroundTaskQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = "background task"

    def __str__(self) -> str:
        return f"{self.task_path.rpartition('.')[2]} ({self.status.lower()})"

    @property
    def tries(self) -> int:
        return len(self.worker_ids)

    @property
    def is_failed(self) -> bool:
        return bool(self.status == Status.FAILED)

"""The queue of background work."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from chat.admin.desk import Desk, time_column
from chat.admin.site import site
from chat.models import BackgroundTask
from chat.operations import housekeeping
from chat.streams.writer import perform


@admin.register(BackgroundTask, site=site)
class TaskAdmin(Desk):
    added, began = time_column("enqueued_at", "added"), time_column("started_at", "last sign of life")
    ended = time_column("finished_at", "ended")
    list_display = ("name", "status", "added", "began", "ended", "tries")
    list_filter = ("status",)
    search_fields = ("task_path",)
    ordering = ("-enqueued_at",)
    actions = ("again",)
    fields = ("task_path", "args_kwargs", "status", "added", "due", "began", "ended", "worker_ids", "traceback")

    @admin.display(description="task", ordering="task_path")
    def name(self, task: BackgroundTask) -> str:
        return task.task_path.rpartition(".")[2].replace("_", " ")

    @admin.display(description="due")
    def due(self, task: BackgroundTask) -> str:
        return "at once" if task.run_after.year == 9999 or task.run_after <= timezone.now() else str(task.run_after)

    def actions_for(self, request: HttpRequest, obj: Any) -> Iterable[str]:
        return ("again",) if obj.is_failed else ()

    @admin.action(description="Try again")
    def again(self, request: HttpRequest, queryset: QuerySet[BackgroundTask]) -> HttpResponse | None:
        def act(task: BackgroundTask) -> None:
            perform(housekeeping.try_again, task_id=task.pk)

        return self.do_each(request, queryset, act, "Put in line again")

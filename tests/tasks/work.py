"""Work for workers."""

from __future__ import annotations

import threading

from django_tasks import task

released = threading.Event()


@task
def waits() -> None:
    assert released.wait(30)


@task
def is_quick() -> None:
    pass

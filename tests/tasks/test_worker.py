"""Workers in real processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

from tests.support.cast import Cast
from tests.support.server import Parley
from tests.support.stores import ROOT


def statuses(parley: Parley) -> list[str]:
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'project.settings'; django.setup()\n"
        "from chat.models import BackgroundTask\n"
        "print(*BackgroundTask.objects.values_list('status', flat=True))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=parley.env, capture_output=True, check=True)
    return run.stdout.decode().split()


def until_done(parley: Parley) -> None:
    deadline = time.monotonic() + 30
    while set(found := statuses(parley)) != {"SUCCESSFUL"}:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)


def test_a_server_does_what_is_in_the_queue(parley_server: Parley) -> None:
    until_done(parley_server)


def test_a_process_of_its_own_does_it_and_ends_cleanly(fresh: Callable[..., Cast]) -> None:
    parley = fresh(TASKS_IN_SERVER="off").parley
    assert statuses(parley) == []
    command = [sys.executable, "manage.py", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=parley.env, stdout=subprocess.PIPE) as worker:
        until_done(parley)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0

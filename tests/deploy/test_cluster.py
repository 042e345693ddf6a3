"""`make cluster`: all processes from one file, until Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.services import DISK, Missing, program
from tests.support.stores import ROOT, environment

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="it has stores of its own, and runs once: beside those on PostgreSQL"
)

NODES = ("node1", "node2", "node3")
WAIT_SECONDS = 90


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.cluster"],
                cwd=ROOT,
                env=environment(CLUSTER_DATA=str(folder)),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.wait(lambda: "Parley is ready" in self.said())
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said())
        assert found
        self.url = found[0]

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def control(self, *command: str) -> str:
        control = Path(sys.executable).with_name("supervisorctl")
        socket = f"unix://{self.folder}/supervisor.sock"
        return subprocess.run([control, "-s", socket, *command], capture_output=True, text=True).stdout


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    try:
        for name in ("postgres", "initdb", "redis-server", "nginx"):
            program(name)
    except Missing as reason:
        pytest.skip(str(reason))
    folder = Path(tempfile.mkdtemp(prefix="parley-cluster-", dir=DISK))
    started = Cluster(folder)
    yield started
    if started.process.poll() is None:
        os.killpg(started.process.pid, signal.SIGINT)
        started.process.wait(60)
    shutil.rmtree(folder, ignore_errors=True)


def test_it_serves_through_the_death_of_a_node_and_ends_with_ctrl_c(cluster: Cluster) -> None:
    pids = {name: cluster.control("pid", name).strip() for name in (*NODES, "postgresql", "redis", "nginx")}
    assert all(pid.isdigit() and pid != "0" for pid in pids.values()), pids
    os.kill(int(pids["node2"]), signal.SIGKILL)
    for _ in range(20):
        assert httpx.get(f"{cluster.url}/setup/").status_code == 200
    cluster.wait(lambda: cluster.control("pid", "node2").strip() not in ("0", pids["node2"]))
    os.killpg(cluster.process.pid, signal.SIGINT)
    assert cluster.process.wait(60) == 0
    assert not any(Path("/proc", pid).exists() for pid in pids.values())

"""`manage.py serve`, as a process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support import services, stores
from tests.support.server import READY, Parley

SECRET = "c2VjcmV0"


def refusal(parley: Parley, **env: str) -> str:
    """Runs `serve` where it must not start; returns the line that says why."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        stores.manage("serve", env=parley.env | env)
    lines = failed.value.output.strip().splitlines()
    assert len(lines) == 1, failed.value.output
    return str(lines[0])


@pytest.fixture
def stopped_parley(tmp_path: Path) -> Parley:
    return Parley(tmp_path / "parley")


def test_one_line_says_where_it_is(parley_server: Parley) -> None:
    assert READY.fullmatch(parley_server.output().strip())
    assert httpx.get(parley_server.url + "/setup/").status_code == 200


def test_it_starts_again_on_the_same_port(parley_server: Parley) -> None:
    before = parley_server.url
    parley_server.restart()
    assert parley_server.url == before


def test_the_log_holds_no_query_string_and_no_token(parley_server: Parley) -> None:
    httpx.get(f"{parley_server.url}/sign-in/?next={SECRET}")
    httpx.get(f"{parley_server.url}/invite/{SECRET}/")
    headers = {"Authorization": f"Bearer {SECRET}"}
    with pytest.raises(InvalidStatus), connect(f"{parley_server.ws_url}nowhere?t={SECRET}", additional_headers=headers):
        pass
    parley_server.terminate()
    log = parley_server.log()
    lines = [json.loads(line) for line in log.splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines if line["event"] == "request"] == [
        ("GET", "/sign-in/", 302),
        ("GET", "/invite/…/", 302),
    ]
    assert [(line["path"], line["status"]) for line in lines if line["event"] == "socket denied"] == [
        ("/ws/nowhere", 404)
    ]
    assert SECRET not in log and "Traceback" not in log and "error" not in {line["level"] for line in lines}


def test_a_socket_at_another_path_is_not_found(parley_server: Parley) -> None:
    with pytest.raises(InvalidStatus) as denied, connect(parley_server.ws_url + "nowhere"):
        pass
    assert denied.value.response.status_code == 404


@contextlib.contextmanager
def request_under_way(parley: Parley) -> Iterator[None]:
    """A request whose body never ends."""
    with socket.create_connection(("127.0.0.1", parley.port)) as connection:
        connection.sendall(b"POST /setup/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf")
        yield


@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT"])
def test_it_ends_with_code_0_within_10_seconds_whoever_is_connected(parley_server: Parley, stop: str) -> None:
    assert parley_server.process
    with httpx.Client(base_url=parley_server.url) as idle, request_under_way(parley_server):
        idle.get("/setup/")
        begun = time.monotonic()
        parley_server.process.send_signal(signal.Signals[stop])
        assert parley_server.process.wait(timeout=20) == 0
        assert time.monotonic() - begun < 10


def test_workers_need_redis(stopped_parley: Parley) -> None:
    line = refusal(stopped_parley, WORKERS="2", REDIS_URL="")
    assert "WORKERS is 2, but takes 1 without REDIS_URL" in line


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("PORT", "http"),
        ("WORKERS", "0"),
        ("POSTS_PER_10S", "many"),
        ("MAX_SOCKETS", "0"),
        ("MAX_SOCKETS_PER_USER", "-1"),
        ("API_THROTTLE", "perhaps"),
        ("DEBUG", "2"),
        ("DATABASE_URL", "mysql://localhost/parley"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "sentinel://host"),
        ("LOG_FORMAT", "xml"),
        ("ALLOWED_HOSTS", "https://chat.example.org"),
        ("TRUSTED_ORIGINS", "chat.example.org"),
        ("TRUSTED_PROXIES", "proxy"),
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_with_one_line(
    stopped_parley: Parley, name: str, held: str
) -> None:
    assert re.fullmatch(f"{name} is '{re.escape(held)}', but takes .+", refusal(stopped_parley, **{name: held}))


def test_a_port_in_use_stops_the_start_with_one_line(parley_server: Parley, tmp_path: Path) -> None:
    line = refusal(Parley(tmp_path / "second"), PORT=str(parley_server.port))
    assert f"PORT {parley_server.port}: Address already in use" in line


def test_without_static_files_it_says_what_to_do(stopped_parley: Parley) -> None:
    (stopped_parley.data / "static").unlink()
    assert "run manage.py collectstatic first" in refusal(stopped_parley)


def state(pid: int) -> tuple[str, int]:
    """The state letter and the parent of a process: ("Z", 0) when it is gone."""
    try:
        letter, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "Z", 0
    return letter, int(parent)


def children(pid: int) -> set[int]:
    everybody = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return {other for other in everybody if state(other)[1] == pid}


@pytest.fixture
def workers(start_parley: Callable[..., Parley]) -> Iterator[Parley]:
    """A Parley of two processes, with a Redis of its own unless the run has one."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    with contextlib.ExitStack() as stack:
        url = {} if os.environ.get("REDIS_URL") else {"REDIS_URL": stack.enter_context(services.redis())}
        yield start_parley(WORKERS="2", **url)


def test_two_workers_serve_and_end_with_code_0(workers: Parley) -> None:
    assert READY.fullmatch(workers.output().strip())
    assert httpx.get(workers.url + "/setup/").status_code == 200
    begun = time.monotonic()
    assert workers.terminate() == 0
    assert time.monotonic() - begun < 10


def test_workers_do_not_outlive_their_parent(workers: Parley) -> None:
    assert workers.process
    processes = children(workers.process.pid)
    assert len(processes) >= 2
    workers.process.kill()  # it alone
    workers.process.wait()
    deadline = time.monotonic() + 20
    while any(state(pid)[0] != "Z" for pid in processes):
        assert time.monotonic() < deadline, workers.log()
        time.sleep(0.05)


def test_either_worker_tells_what_both_have_counted(workers: Parley) -> None:
    def requests() -> float:
        lines = httpx.get(f"{workers.url}/metrics").raise_for_status().text.splitlines()
        counts = [line for line in lines if line.startswith('parley_request_seconds_count{status="2xx"}')]
        return float(counts[0].rpartition(" ")[2]) if counts else 0.0

    for _ in range(40):  # each on a connection of its own: both workers have some
        assert httpx.get(f"{workers.url}/setup/").status_code == 200
    assert requests() >= 40


def test_it_takes_the_socket_that_systemd_holds(tmp_path: Path) -> None:
    """Who comes while it is not there waits in the socket, and is answered by the next process."""
    data = tmp_path / "parley"
    env = stores.furnish(data) | {"LISTEN_FDS": "1"}
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        program = f"import os; os.dup2({held.fileno()}, 3); os.environ['LISTEN_PID'] = str(os.getpid()); "
        program += f"os.execv({sys.executable!r}, [{sys.executable!r}, 'manage.py', 'serve'])"

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=stores.ROOT,
                env=env,
                pass_fds=[held.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

        for _ in range(2):
            process = start()
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/setup/", timeout=60).status_code == 200
            finally:
                process.terminate()
                assert process.wait(15) == 0

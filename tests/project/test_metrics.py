"""What a process counts, and who may read it."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client

from tests.support.server import Parley

LAG = "parley_event_loop_lag_seconds"


@pytest.fixture(autouse=True)
def token(settings) -> None:
    settings.METRICS_TOKEN = "a long random word"


def test_a_server_tells_this_machine_how_late_its_event_loop_is(parley_server: Parley) -> None:
    def probes() -> float:
        lines = httpx.get(f"{parley_server.url}/metrics").raise_for_status().text.splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith(f"{LAG}_count")))

    before = probes()
    while probes() == before:
        pass


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        ({"REMOTE_ADDR": "203.0.113.9"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer a long random word"}, 200),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer another"}, 404),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Basic a long random word"}, 404),
    ],
    ids=["local", "local by IPv6", "through a proxy", "elsewhere", "nowhere", "token", "wrong token", "no bearer"],
)
def test_who_may_read_them(given: dict[str, str], status: int) -> None:
    assert Client().get("/metrics", **given).status_code == status


def test_without_a_token_set_none_is_right(settings) -> None:
    settings.METRICS_TOKEN = ""
    given = {"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer "}
    assert Client().get("/metrics", **given).status_code == 404

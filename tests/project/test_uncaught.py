"""What nobody expected is logged and counted, and ends nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from project import uncaught


def count(where: str) -> float:
    return REGISTRY.get_sample_value("parley_uncaught_exceptions_total", {"where": where}) or 0.0


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    before = threading.excepthook
    yield
    threading.excepthook = before


async def test_a_callback_and_a_task_that_nobody_awaits(capsys: pytest.CaptureFixture[str]) -> None:
    loop = asyncio.get_running_loop()
    uncaught.watch(loop)
    before = count("loop")

    def fail() -> None:
        raise ValueError("nobody expected this")

    loop.call_soon(fail)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert count("loop") == before + 1
    assert "nobody expected this" in capsys.readouterr().err
    loop.set_exception_handler(None)


async def test_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    uncaught.watch(asyncio.get_running_loop())
    before = count("thread")
    thread = threading.Thread(target=lambda: 1 / 0, name="unlucky")
    thread.start()
    thread.join()
    assert count("thread") == before + 1
    logged = capsys.readouterr().err
    assert "unlucky" in logged and "ZeroDivisionError" in logged


@pytest.mark.django_db
async def test_a_view_tells_the_client_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    uncaught.watch(asyncio.get_running_loop())
    before = count("request")

    def fail(*_: object) -> None:
        raise ValueError("a secret of ours")

    monkeypatch.setattr("project.metrics.generate_latest", fail)
    answer = await asyncio.to_thread(Client(raise_request_exception=False).get, "/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 500
    assert b"secret" not in answer.content
    assert count("request") == before + 1

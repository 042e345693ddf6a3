"""The load generator is a C program: without a compiler its tests are skipped, with CI=true they fail instead."""

from __future__ import annotations

import os

import pytest

from benchmarks.load import build


@pytest.fixture(scope="session")
def generator() -> None:
    try:
        build.binary()
    except build.CannotBuild as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))

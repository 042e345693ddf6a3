"""The zoo, open to these tests alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chat.operations.previews.fetching import host_limit
from tests.support.zoo import Zoo, open_zoo


@pytest.fixture(autouse=True)
def nothing_fetched() -> None:
    """No test inherits what another one fetched."""
    host_limit._acts.clear()


@pytest.fixture
def zoo(settings: Any) -> Iterator[Zoo]:
    settings.PREVIEWS_ALLOW_PRIVATE = True
    with open_zoo() as zoo:
        yield zoo


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where files are kept."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"files": files}
    return tmp_path

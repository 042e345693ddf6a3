"""Imports of archives that are made to order."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.support.slack import export


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    """`bring({"general/2020-09-13.json": […], …})` imports an export of these files."""

    def bring(files: dict[str, Any]) -> None:
        call_command("import_slack", str(export(tmp_path / "export.zip", files)))

    return bring

"""What the files for operators set is what there is to set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NAMES = {
    "deploy/compose.yaml": r"^    ([A-Z][A-Z0-9_]+): (?=\S)",
    "deploy/systemd/parley.env.example": r"^([A-Z][A-Z0-9_]+)=",
    "deploy/systemd/parley@.service": r"\b([A-Z][A-Z0-9_]+)=(?=%i|json|/var)",
    "deploy/Dockerfile": r"\b(PARLEY_DATA|HOST|PORT|LOG_FORMAT)=",
}


def documented() -> set[str]:
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


@pytest.mark.parametrize("file", NAMES)
def test_every_variable_is_in_the_readme(file: str) -> None:
    used = set(re.findall(NAMES[file], (ROOT / file).read_text(), re.MULTILINE))
    assert len(used) >= 3
    assert used <= documented()


def test_what_a_unit_starts_and_what_an_image_copies_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert {"manage.py", "project", "chat", "templates", "static"} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
    for mounted in re.findall(r"- \./(\S+?):", (ROOT / "deploy/compose.yaml").read_text()):
        assert (ROOT / "deploy" / mounted).exists(), mounted

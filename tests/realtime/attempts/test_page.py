"""docs/security.md tells what was attempted, no more and no less."""

import re
from pathlib import Path

from tests.support.stores import ROOT

SECURITY = ROOT / "docs" / "security.md"


def test_the_page_has_a_row_for_each_attempt() -> None:
    sources = [each.read_text() for each in Path(__file__).parent.glob("test_*.py") if each != Path(__file__)]
    names = {name for source in sources for name in re.findall(r"^async def test_(\w+)", source, re.MULTILINE)}
    rows = re.findall(r"^\| `(\w+)` \|", SECURITY.read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(names - {"the_tools_themselves_open_the_door"})

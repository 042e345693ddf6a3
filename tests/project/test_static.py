"""What is served of scripts and styles: minified, under names that hold as long as what they hold."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.stores import ROOT, template

IMPORTED = re.compile(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"')
NAMED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    """Name in static/ → what is served in its place."""
    folder = template() / "static"
    names = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return {name: (folder / path).read_text() for name, path in names.items() if name.endswith((".js", ".css"))}


def ours() -> list[str]:
    static = ROOT / "static"
    return [str(path.relative_to(static)) for path in static.rglob("*") if path.suffix in (".js", ".css")]


def test_ours_are_minified(served: dict[str, str]) -> None:
    source = sum(len((ROOT / "static" / name).read_text()) for name in ours())
    assert sum(len(served[name]) for name in ours()) < 0.7 * source
    assert "/**" not in served["js/app.js"]


def test_every_module_imports_what_is_served(served: dict[str, str]) -> None:
    imports = [path for name in ours() if name.endswith(".js") for path in IMPORTED.findall(served[name])]
    assert len(imports) > 100
    assert [path for path in imports if not NAMED.search(path)] == []


def test_what_libraries_bring_is_as_they_wrote_it(served: dict[str, str]) -> None:
    name = next(name for name in served if name.startswith("admin/js/") and name.endswith("core.js"))
    assert "//" in served[name]

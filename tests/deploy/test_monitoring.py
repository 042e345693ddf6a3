"""The dashboard and the alerts ask for what Parley counts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

import project.requests  # noqa: F401 - what it counts is in the registry

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "monitoring"
FILES = ("alerts.yml", "grafana-dashboard.json")
NAME = re.compile(r"\bparley_[a-z_]+\b")


def counted() -> dict[str, str]:
    """Name of a series → the metric that it belongs to."""
    found: dict[str, str] = {}
    for family in REGISTRY.collect():
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        found |= {family.name + suffix: family.name for suffix in suffixes if family.name.startswith("parley_")}
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_series_that_is_asked_for_exists(file: str) -> None:
    asked = set(NAME.findall((FOLDER / file).read_text()))
    assert len(asked) > 5
    assert asked <= counted().keys()


def test_the_dashboard_shows_everything_that_is_counted() -> None:
    panels = json.loads((FOLDER / "grafana-dashboard.json").read_text())["panels"]
    shown = {counted()[name] for name in NAME.findall(json.dumps(panels))}
    assert shown == set(counted().values())
    assert len({panel["id"] for panel in panels}) == len(panels)

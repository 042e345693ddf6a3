"""The cost of each step of a message's way: measured, and written into the page that walks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.report import architecture, results
from benchmarks.report.machine import ROOT
from benchmarks.report.results import Measured, Run
from benchmarks.steps.way import STEPS
from tests.benchmarks import canned

PAGE = ROOT / "docs" / "architecture.md"


@pytest.fixture
def found() -> results.Results:
    """Step n costs n µs."""
    found = canned.results()
    runs = [
        Run(workload="steps", server="parley", variant=step.title, run=1, values={"cpu_us": float(cost)})
        for cost, step in enumerate(STEPS, 1)
    ]
    made = Measured(command="make bench-steps", commit="0123abc", started=found.started, seconds=9.0, runs=1)
    found.replace("steps", made, runs, [])
    return found


def test_every_step_is_measured_and_written_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "architecture.md").write_text(f"Before\n{architecture.BEGIN}\nold\n{architecture.END}\nafter\n")
    assert main(["steps", "--quick", "--output", str(tmp_path)]) == 0
    runs = results.load(tmp_path / "benchmarks.json").runs
    assert [run.variant for run in runs] == [step.title for step in STEPS]
    assert all(0 < run.values["cpu_us"] < 1e6 for run in runs)
    text = (tmp_path / "architecture.md").read_text()
    assert text.startswith("Before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "| frame to command | [chat/protocol/commands.py](../chat/protocol/commands.py) |" in text


def test_what_a_post_costs_is_the_sum_of_its_steps(found: results.Results) -> None:
    costs = {step.key: cost for cost, step in enumerate(STEPS, 1)}
    always = sum(costs[key] for key in ("read", "decode", "plain", "ok", "hint"))
    alone, together = (always + costs[f"hand_over_{size}"] + costs[f"commit_{size}"] for size in (1, 64))
    text = architecture.costs(found)
    assert f"{alone} µs when it comes alone and {together} µs when 64 are stored together" in text
    assert f"{costs['write']}.0 µs for each socket" in text


def test_steps_have_names_of_their_own() -> None:
    assert len({step.title for step in STEPS}) == len({step.key for step in STEPS}) == len(STEPS)


def test_a_page_without_marks_is_refused(found: results.Results) -> None:
    with pytest.raises(ValueError, match="lacks"):
        architecture.with_costs("no marks", found)


def test_the_page_holds_the_steps_in_their_order() -> None:
    _, _, rest = PAGE.read_text().partition(architecture.BEGIN)
    table, _, _ = rest.partition(architecture.END)
    rows = re.findall(r"^\| (?!step |---)([^|]+) \| \[([^]]+)\]", table, re.MULTILINE)
    assert rows == [(step.title, step.where) for step in STEPS]


def test_the_page_holds_the_figures_of_the_data() -> None:
    data = ROOT / "docs" / "benchmarks.json"
    found = results.load(data) if data.exists() else None
    if found is None or "steps" not in found.measured:
        pytest.skip("the steps have not been measured for docs/benchmarks.json")
    assert architecture.with_costs(PAGE.read_text(), found) == PAGE.read_text()


def test_the_page_leads_only_to_what_is_there() -> None:
    links = set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGE.read_text()))
    measured = {"benchmarks.md"}  # by `make bench`
    assert measured < links
    assert [link for link in links - measured if not (PAGE.parent / link).exists()] == []
    words = re.findall(r"`((?:chat|project|benchmarks|static)/[\w/.]+)`", PAGE.read_text())
    assert [path for path in words if not (ROOT / path).exists()] == []

"""From figures to the table, the charts and the page."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.report import page, results, svg, table
from benchmarks.report.results import Medians, Target, at_least, at_most, ratio
from benchmarks.workloads import fanout
from tests.benchmarks import canned

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def medians() -> Medians:
    return Medians(canned.fanout_runs())


def test_a_figure_is_the_median_of_its_runs(medians: Medians) -> None:
    assert medians.get("us_per_delivery") == 6.7
    assert medians.get("us_per_delivery", "ws") == 8.0
    assert medians.get("us_per_delivery", "fastapi") is None
    assert medians.spread("us_per_delivery", ("parley", "")) == pytest.approx(0.1)


def test_the_table_has_ratios_to_parley(medians: Medians) -> None:
    head, parley, limit, *_ = table.figures(fanout.WORKLOAD, medians)
    assert head[:3] == ["", "server CPU per delivery, µs", "deliveries/s"]
    assert parley[:2] == ["Parley", "6.70"]
    assert limit[:3] == ["C, one send() per socket", "5.00 (0.75 ×)", "200,000 (1.34 ×)"]
    assert {line[-1] for line in (parley, limit)} == {"± 10 %"}


def test_the_table_in_the_terminal_is_aligned(medians: Medians) -> None:
    lines = table.terminal(table.figures(fanout.WORKLOAD, medians)).splitlines()
    assert len(lines) == 1 + len(canned.CPU)
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        (at_most("CPU", 1.1, 1.1, "×"), True),
        (at_most("CPU", 1.11, 1.1, "×"), False),
        (at_least("rate", 4000, 4000, "/s"), True),
        (at_least("rate", 3999, 4000, "/s"), False),
        (at_least("rate", None, 4000, "/s"), False),
        (at_most("CPU", ratio(1.0, None), 1.1, "×"), False),
    ],
)
def test_a_target_is_reached_or_not(target: Target, reached: bool) -> None:
    assert target.reached is reached


def test_targets_say_what_was_reached() -> None:
    _, *lines = table.verdicts([at_most("CPU", 1.08, 1.1, "×"), at_least("posts", 3999.4, 4000, "/s")])
    assert lines == [["CPU", "≤ 1.10 ×", "1.08 ×", "✓"], ["posts", "≥ 4,000 /s", "3,999 /s", "✗"]]
    assert table.verdicts([at_least("x", None, 1)])[1][2:] == ["not measured", "✗"]


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    results.save(canned.results(), tmp_path / "benchmarks.json")
    assert results.load(tmp_path / "benchmarks.json") == canned.results()


def test_new_figures_of_a_workload_take_the_place_of_its_old_ones() -> None:
    found = canned.results()
    others = [run for run in found.runs if run.workload == "bigroom"]
    found.replace("fanout", found.measured["fanout"], canned.fanout_runs()[:1], [at_most("CPU", 1, 2)])
    assert found.runs == [*others, canned.fanout_runs()[0]]
    assert [target.name for target in found.targets if target.workload == "fanout"] == ["CPU"]
    assert len([target for target in found.targets if target.workload == "bigroom"]) == 3


def test_the_page_holds_every_target_figure_and_command(tmp_path: Path) -> None:
    found = canned.results()
    text = page.write(found, canned.WORKLOADS, tmp_path).read_text()
    for target in found.targets:
        assert f"| {target.name} |" in text
        assert (f"{target.name}: is " in text) is not target.reached, "what stays short is said"
    for workload in canned.WORKLOADS:
        assert f"## {workload.title}\n\n{workload.summary}" in text
        assert f"`make bench-{workload.name}`" in text
    assert "| nginx | 1.22.1 |" in text and "0123abc" in text
    assert "346.00 (52 ×)" in text
    assert "Linux 6 · used elsewhere: at most 3 % of a core · pace: 11.0 to 13.0 µs" in text
    assert "$" not in text


def test_what_stays_short_is_explained_where_somebody_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "HERE", tmp_path)
    (tmp_path / "short").mkdir()
    (tmp_path / "short" / "bigroom.md").write_text("The kernel is busy with its buffers.\n")
    found = canned.results()
    text = page.what_stays_short(canned.WORKLOADS, found.targets)
    assert text.startswith("### Big room\n\n- CPU per delivery")
    assert text.endswith("\n\nThe kernel is busy with its buffers.")
    reached = [target for target in found.targets if target.reached]
    assert page.what_stays_short(canned.WORKLOADS, reached).startswith("Nothing")


def test_every_chart_of_the_page_is_there_and_well_formed(tmp_path: Path) -> None:
    text = page.write(canned.results(), canned.WORKLOADS, tmp_path).read_text()
    charts = sorted(path.name for path in (tmp_path / "benchmarks").iterdir())
    assert charts == ["bigroom-cpu.svg", "bigroom-last.svg", "fanout-cpu.svg"]
    for name in charts:
        assert f"](benchmarks/{name})" in text
        drawing = ElementTree.parse(tmp_path / "benchmarks" / name).getroot()
        assert drawing.tag == f"{SVG}svg" and "prefers-color-scheme: dark" in "".join(drawing.itertext())


def test_a_bar_is_as_long_as_its_value_and_one_that_dwarfs_all_others_is_cut() -> None:
    bars = [svg.Bar("a & b", 2.0, True), svg.Bar("twice", 4.0, False), svg.Bar("far", 400.0, False)]
    drawing = ElementTree.fromstring(svg.bars("Lengths < 9", bars))
    own, twice, far = (float(bar.attrib["width"]) for bar in drawing.iter(f"{SVG}rect"))
    assert twice == pytest.approx(2 * own, abs=0.2)
    assert far == pytest.approx(3 * own, abs=0.3)
    assert [path.attrib["class"] for path in drawing.iter(f"{SVG}path")] == ["cut"]
    assert {"Lengths < 9", "a & b", "400.0"} <= {text.text for text in drawing.iter(f"{SVG}text")}


def test_nothing_in_a_chart_leaves_it() -> None:
    bars = [svg.Bar("PostgreSQL, one transaction per post", 385.0, True), svg.Bar("SQLite", 1_234_567.0, True)]
    drawing = ElementTree.fromstring(svg.bars("Rates", bars, digits=0))
    for text in drawing.iter(f"{SVG}text"):
        x, length = float(text.attrib["x"]), len(text.text or "") * svg.CHARACTER
        left = x - length if text.attrib["text-anchor"] == "end" else x
        assert left >= 0 and left + length <= svg.WIDTH


@pytest.mark.parametrize(
    ("greatest", "expected"), [(5000, [0, 1000, 2000, 3000, 4000, 5000]), (7.2, [0, 2, 4, 6, 8]), (0, [0, 1])]
)
def test_axes_have_round_numbers(greatest: float, expected: list[float]) -> None:
    assert svg.ticks(greatest) == expected

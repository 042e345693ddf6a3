"""`make bench` in small: one workload against a real Parley, from the first socket to the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.report import results

pytestmark = pytest.mark.usefixtures("generator")


def test_a_workload_is_measured_and_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["storm", "--quick", "--output", str(tmp_path)]) == 0
    found = results.load(tmp_path / "benchmarks.json")
    (storm,) = found.runs
    assert storm.values["seconds"] > 0
    assert 0 <= storm.values["loop_late_share"] <= 1
    assert 0 < storm.values["us_per_connect"] < 1e6
    assert 0 < storm.values["queries_per_client"] < 20
    assert {target.workload for target in found.targets} == {"storm"}
    assert all(target.value is not None for target in found.targets)
    assert found.measured["storm"].command == "make bench-storm"
    text = (tmp_path / "benchmarks.md").read_text()
    assert "## Reconnect storm" in text and "## Fan-out" not in text
    assert "until all are ready, s" in capsys.readouterr().out


def test_an_unknown_workload_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["speed"])
    assert stopped.value.code == 2
    assert "'speed' is none of fanout, burst" in capsys.readouterr().err

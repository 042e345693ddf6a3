"""The secret keys: generated, or from the environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from project.secret import kept_keys, secret_keys
from tests.support.stores import ROOT


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret-key"
    (key,) = kept_keys(path)
    assert len(key) >= 64 and kept_keys(path) == [key]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_processes_that_start_together_end_up_with_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    program = f"from pathlib import Path; from project.secret import kept_keys; print(*kept_keys(Path({str(path)!r})))"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(12)
    ]
    keys = {process.communicate()[0].strip() for process in processes}
    assert keys == {path.read_text().strip()}


def test_a_damaged_key_stops_the_start_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    with pytest.raises(SystemExit, match="holds no usable secret key"):
        kept_keys(tmp_path / "secret-key")


def test_a_new_first_line_signs_and_the_old_one_still_counts(tmp_path: Path) -> None:
    (old,) = kept_keys(tmp_path / "secret-key")
    (tmp_path / "secret-key").write_text(f"{'n' * 50}\n{old}\n")
    assert secret_keys(tmp_path) == ["n" * 50, old]


def test_the_environment_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'o' * 50} {'p' * 50}")
    assert secret_keys(tmp_path) == ["k" * 50, "o" * 50, "p" * 50]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_a_short_key_is_refused_without_being_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv(name, "swordfish")
    with pytest.raises(SystemExit, match=rf"{name} is '\(9 characters\)', but takes 32 characters or more"):
        secret_keys(tmp_path)

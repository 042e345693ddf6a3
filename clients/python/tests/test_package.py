"""What `pip install ./clients/python` gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
EXAMPLES = PACKAGE.parent / "examples"


def test_it_is_installed_by_pip_from_its_folder(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(tmp_path), str(PACKAGE)], check=True)
    assert (tmp_path / "parley_client" / "py.typed").exists()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    told = subprocess.run([tmp_path / "bin" / "parley", "--help"], env=env, check=True, capture_output=True, text=True)
    assert "tail" in told.stdout


def test_the_bot_of_the_readme_is_the_example_in_fifteen_lines() -> None:
    bot = (EXAMPLES / "bot.py").read_text()
    assert f"```python\n{bot}```" in (PACKAGE / "README.md").read_text()
    assert len([line for line in bot.splitlines() if line]) <= 15

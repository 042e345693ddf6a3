"""The document against a real server, by Schemathesis: examples, borders, random data, and chains of calls by links."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cast import assemble
from tests.support.server import start_parley

# To end a login ends that of the run, too: it has its own run.
# A stream does not end and a poll waits: tests/realtime/http has them.
CONFIG = Path(__file__).with_name("schemathesis.toml")
APART = ("end_login", "open_stream", "poll")
RUNS = {
    "everything": [word for name in APART for word in ("--exclude-operation-id", name)],
    "end_login": ["--include-operation-id", "end_login", "--phases", "examples,coverage,fuzzing"],
}


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="once is enough, and PostgreSQL is the stricter one")
@pytest.mark.parametrize("run", RUNS)
def test_the_server_does_what_the_document_says(tmp_path: Path, run: str) -> None:
    parley = start_parley(tmp_path / "parley", env={"API_THROTTLE": "off", "POSTS_PER_10S": "1000000"})
    try:
        cast = assemble(parley)
        command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG)]
        command += ["run", f"{parley.url}/api/schema/", "--checks", "all", "--max-examples", "2", "--no-color"]
        command += ["--header", f"Authorization: Bearer {cast.tokens['alice']}", "--seed", "7", *RUNS[run]]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        assert '"level":"error"' not in parley.log() and "Traceback" not in parley.log()
    finally:
        parley.kill()

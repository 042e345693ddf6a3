"""The checks of a signature that docs/webhooks.md shows, run as they stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from chat.hooks.request import signature
from tests.support.stores import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
SECRET, BODY = "s3cret", '{"op":"event","data":{"body":"größer"}}'.encode()


def snippet(language: str) -> str:
    return str(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[0])


def headers(moment: int, **changes: str) -> dict[str, str]:
    signed = signature(SECRET, moment, BODY)
    return {"Parley-Timestamp": str(moment), "Parley-Signature": signed} | changes


NOW = int(time.time())
CASES = [
    (headers(NOW), True),
    (headers(NOW - 3600), False),
    (headers(NOW, **{"Parley-Timestamp": str(NOW - 1)}), False),
    (headers(NOW, **{"Parley-Signature": "v1=" + "0" * 64}), False),
    (headers(NOW, **{"Parley-Signature": "short"}), False),
]


@pytest.mark.parametrize(("sent", "genuine"), CASES)
def test_in_python(sent: dict[str, str], genuine: bool) -> None:
    names: dict[str, Any] = {}
    exec(snippet("python"), names)
    assert names["is_genuine"](SECRET, sent, BODY) is genuine
    assert names["is_genuine"]("another", sent, BODY) is False


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_in_node(tmp_path: Path) -> None:
    (tmp_path / "check.mjs").write_text(snippet("js"))
    cases = json.dumps([{name.lower(): value for name, value in sent.items()} for sent, _ in CASES])
    program = (
        f"import {{ isGenuine }} from './check.mjs'; const body = Buffer.from({json.dumps(BODY.decode())});"
        f"console.log(JSON.stringify({cases}.map((each) => isGenuine({json.dumps(SECRET)}, each, body))))"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [genuine for _, genuine in CASES]

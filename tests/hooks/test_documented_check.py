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


def cases() -> list[tuple[dict[str, str], bool]]:
    now = int(time.time())
    return [
        (headers(now), True),
        (headers(now - 3600), False),
        (headers(now, **{"Parley-Timestamp": str(now - 1)}), False),
        (headers(now, **{"Parley-Signature": "v1=" + "0" * 64}), False),
        (headers(now, **{"Parley-Signature": "short"}), False),
    ]


def test_in_python() -> None:
    names: dict[str, Any] = {}
    exec(snippet("python"), names)
    for sent, genuine in cases():
        assert names["is_genuine"](SECRET, sent, BODY) is genuine
        assert names["is_genuine"]("another", sent, BODY) is False


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_in_node(tmp_path: Path) -> None:
    (tmp_path / "check.mjs").write_text(snippet("js"))
    sent = json.dumps([{name.lower(): value for name, value in each.items()} for each, _ in cases()])
    program = (
        f"import {{ isGenuine }} from './check.mjs'; const body = Buffer.from({json.dumps(BODY.decode())});"
        f"console.log(JSON.stringify({sent}.map((each) => isGenuine({json.dumps(SECRET)}, each, body))))"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [genuine for _, genuine in cases()]

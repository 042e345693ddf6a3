"""`python -m benchmarks.scrolling [MESSAGES]`: scrolls through a long room in Chromium, and prints what a frame takes.

For each thousand of messages that was scrolled past: the median and the 99th percentile of the time between two frames,
how many took longer than 50 ms, the nodes of the document, and the memory of the script. A reader goes by a screen's
height with each turn of the wheel, from the newest message to the oldest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.servers import parley
from benchmarks.servers.parley import ROOT, environment
from tests.browser.conftest import ARGUMENTS
from tests.support.services import program

MESSAGES: Final = 10_000
PORTION: Final = 1_000
SLOW_MS: Final = 50.0
_WATCH: Final = """() => {
  window.frames_ = [];
  let last = performance.now();
  const frame = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
_LOOK: Final = """() => {
  const frames = window.frames_.splice(0);
  const first = document.querySelector(".message[data-seq]");
  const heap = performance.memory?.usedJSHeapSize ?? 0;
  return { frames, first: Number(first.dataset.seq), nodes: document.getElementsByTagName("*").length, heap };
}"""


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as data, parley(env={"PARLEY_DATA": data}) as server:
        command = [sys.executable, "-m", "benchmarks.workloads.pages_seed", f"long={messages}"]
        env = environment(Path(data)) | {"PARLEY_DATA": data}
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
        session = json.loads(done.stdout)["keen"]["session"]
        url = f"http://127.0.0.1:{server.port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program("chromium"), args=ARGUMENTS)
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            page = context.new_page()
            page.goto("/rooms/long/")
            page.wait_for_selector(".timeline--ready")
            scroll(page, messages)
            browser.close()


def scroll(page: Page, messages: int) -> None:
    print("messages past   frame p50   p99   > 50 ms    nodes   heap MiB")
    page.evaluate(_WATCH)
    page.mouse.move(640, 400)
    told, frames = 0, list[float]()
    top = page.evaluate(_LOOK)["first"]
    while True:
        page.mouse.wheel(0, -700)
        page.wait_for_timeout(60)
        seen: dict[str, Any] = page.evaluate(_LOOK)
        frames += seen["frames"]
        past = top - seen["first"]
        at_start = seen["first"] <= top - messages + PORTION // 10
        if past >= told + PORTION or at_start:
            told += PORTION
            row(past, frames, seen)
            frames = []
        if at_start:
            return


def row(past: int, frames: list[float], seen: dict[str, Any]) -> None:
    slow = sum(frame > SLOW_MS for frame in frames)
    share = f"{slow}/{len(frames)}"
    late = quantiles(frames, n=100)[98]
    heap = seen["heap"] / 2**20
    print(f"{past:13,} {median(frames):11.1f} {late:5.1f} {share:>9} {seen['nodes']:8,} {heap:10.1f}", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()

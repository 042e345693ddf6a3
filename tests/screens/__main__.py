"""`python -m tests.screens [STATE …]`: photographs every page and state of a demonstration into docs/screens."""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.screens.states import STATES, STRANGERS
from tests.support.server import Parley
from tests.support.services import program
from tests.support.stores import ROOT, manage
from tests.support.system import install

PASSWORD: Final = "a long enough word"
WIDTHS: Final = {1280: 800, 390: 844}
EMOJI: Final = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
EMOJI_PACKAGE: Final = "fonts-noto-color-emoji"
COLOURS: Final = 128
"""Of a picture as it is kept: a quarter of the size, and nothing to be seen of it."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("states", nargs="*", choices=[*STATES, []], help="all of them otherwise")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "screens")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    if not EMOJI.exists():
        install([EMOJI_PACKAGE])
    with tempfile.TemporaryDirectory(prefix="parley-screens-") as folder, sync_playwright() as playwright:
        os.environ["PARLEY_TEST_DATA"] = folder
        parley = Parley(Path(folder) / "parley", {"API_THROTTLE": "off"})
        manage("demo", "--password", PASSWORD, env=parley.env)
        parley.start()
        try:
            browser = playwright.chromium.launch(executable_path=program("chromium"), args=ARGUMENTS)
            photograph(browser, parley.url, options.states or list(STATES), options.output)
            browser.close()
        finally:
            parley.kill()


def photograph(browser: Browser, url: str, states: list[str], folder: Path) -> None:
    signed_in = sign_in(browser, url)
    for name in states:
        for width, height in WIDTHS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    base_url=url,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    reduced_motion="reduce",
                    timezone_id="Europe/London",
                    storage_state=None if name in STRANGERS else signed_in,
                )
                page = context.new_page()
                STATES[name](page)
                page.wait_for_load_state("networkidle")
                save(page, folder / f"{name}-{width}-{scheme}.png")
                context.close()
        print(name, flush=True)


def sign_in(browser: Browser, url: str) -> StorageState:
    page = browser.new_page(base_url=url)
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".timeline")
    return page.context.storage_state()


def save(page: Page, file: Path) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()

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
from tests.screens import pages, talk, writing  # noqa: F401 - each adds its states
from tests.screens.states import PASSWORD, PHONE_WIDTH, STATES, sign_in
from tests.support.server import Parley
from tests.support.services import program
from tests.support.stores import ROOT, manage
from tests.support.system import install

WIDTHS: Final = {1280: 800, 390: 844}
EMOJI: Final = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
EMOJI_PACKAGE: Final = "fonts-noto-color-emoji"
COLOURS: Final = 256
"""Of a picture as it is kept: a third of the size, and nothing to be seen of it."""


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
    people = {STATES[name].who for name in states}
    signed_in = {who: session(browser, url, who) for who in people if who is not None}
    for name in states:
        who = STATES[name].who
        for width, height in WIDTHS.items():
            phone = width <= PHONE_WIDTH
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    base_url=url,
                    viewport={"width": width, "height": height},
                    has_touch=phone,
                    is_mobile=phone,
                    color_scheme=scheme,  # type: ignore[arg-type]
                    reduced_motion="reduce",
                    timezone_id="Europe/London",
                    locale="en-GB",
                    storage_state=signed_in[who] if who else None,
                )
                page = context.new_page()
                STATES[name].reach(page)
                settle(page)
                save(page, folder / f"{name}-{width}-{scheme}.png")
                context.close()
        print(name, flush=True)


def session(browser: Browser, url: str, name: str) -> StorageState:
    page = browser.new_page(base_url=url)
    sign_in(page, name)
    state = page.context.storage_state()
    page.context.close()
    return state


def settle(page: Page) -> None:
    """The images that are in sight have come, and whatever else the page asks for."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("""() => [...document.images].every((image) => {
        const { top, bottom, width } = image.getBoundingClientRect();
        return image.complete || width === 0 || bottom < 0 || top > innerHeight;
    })""")


def save(page: Page, file: Path) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()

"""A real Chromium for the tests in this folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.people import Cloakroom, House
from tests.support.cast import Cast, assemble
from tests.support.server import Parley
from tests.support.services import Missing, program

# Playwright's synchronous interface keeps an event loop running in this thread, in which Django would refuse queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@contextlib.contextmanager
def running(playwright: Playwright, name: str) -> Iterator[Browser]:
    try:
        path = program(name)
    except Missing as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(reason))
    chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without what stands around pages, which takes as long again as a page does."""
    with running(playwright, "chromium-headless-shell") as chromium:
        yield chromium


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """With a viewer of PDFs, and notifications."""
    with running(playwright, "chromium") as chromium:
        yield chromium


@pytest.fixture(scope="session")
def shared_cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    env = {"POSTS_PER_10S": "100000", "API_THROTTLE": "off"}
    parley = Parley(tmp_path_factory.mktemp("browser") / "parley", env).start()
    yield assemble(parley, rooms=120, kind="open")
    parley.kill()
    assert "Traceback" not in parley.log(), parley.log()


@pytest.fixture(scope="session")
def cloakroom() -> Cloakroom:
    return Cloakroom()


@pytest.fixture
def house(browser: Browser, shared_cast: Cast, cloakroom: Cloakroom) -> Iterator[House]:
    """Alice and Bob may come in; each test has a room of its own."""
    house = House(browser, shared_cast, cloakroom)
    yield house
    house.leave()


@pytest.fixture
def whole_house(whole_browser: Browser, shared_cast: Cast) -> Iterator[House]:
    house = House(whole_browser, shared_cast)
    yield house
    house.leave()


@pytest.fixture
def own_house(browser: Browser, start_parley: Callable[..., Parley]) -> Iterator[House]:
    """One whose server can be killed."""
    house = House(browser, assemble(start_parley(), rooms=2, kind="open"))
    yield house
    house.leave()

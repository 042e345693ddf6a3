"""What is photographed: a name for each page and state, and how one comes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

PASSWORD: Final = "a long enough word"
OWNER: Final = "ada"
ANSWER: Final = "It worked on Yuki"
"""Of the last message in #general, which is somebody else's."""
PHONE_WIDTH: Final = 640
"""What is narrower is touched, not pointed at."""


@dataclass(frozen=True)
class State:
    """`who` sees it; None is somebody who has not signed in."""

    reach: Callable[[Page], None]
    who: str | None


STATES: Final[dict[str, State]] = {}


def state(name: str, *, who: str | None = OWNER) -> Callable[[Callable[[Page], None]], Callable[[Page], None]]:
    def add(reach: Callable[[Page], None]) -> Callable[[Page], None]:
        STATES[name] = State(reach, who)
        return reach

    return add


def sign_in(page: Page, who: str) -> None:
    # Not to a room: what is unread there is to stay so.
    page.goto("/sign-in/?next=/people/")
    page.get_by_label("User name").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/people/")


def room(page: Page, path: str = "/rooms/general/") -> None:
    page.goto(path)
    expect(page.locator(".timeline--ready")).to_be_visible()
    expect(page.locator("[data-view=connection]")).to_be_hidden()


def message(page: Page, text: str) -> Locator:
    return page.locator(".room__talk .message", has=page.locator(".message__body", has_text=text))


def to_the_middle(place: Locator) -> None:
    """Returns when the page has heard of the scrolling, too, at which some things close."""
    place.evaluate("""(element) => {
        element.scrollIntoView({ block: "center" });
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }""")


def is_phone(page: Page) -> bool:
    assert page.viewport_size is not None
    return page.viewport_size["width"] <= PHONE_WIDTH


def press(page: Page, place: Locator) -> None:
    """With a finger on a phone: a pointer would stay, and what it points at shows more."""
    if is_phone(page):
        place.tap()
    else:
        place.click()


def open_menu(page: Page, place: Locator) -> None:
    """The menu of a message: by a finger that stays, or by the toolbar's last button."""
    if is_phone(page):
        box = place.locator(".message__body").bounding_box()
        assert box is not None
        touch = page.context.new_cdp_session(page)
        finger = [{"x": box["x"] + 20, "y": box["y"] + 10}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
        expect(page.locator("#message-menu")).to_be_visible()
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        place.hover()
        place.locator(".toolbar [data-action=open-menu]").click()
        expect(page.locator("#message-menu")).to_be_visible()

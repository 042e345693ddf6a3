"""What is photographed: a name for each page and state, and how one comes to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page, expect

State = Callable[[Page], None]
STATES: Final[dict[str, State]] = {}
STRANGERS: Final[set[str]] = set()
"""Those that somebody sees who has not signed in."""


def state(name: str, *, stranger: bool = False) -> Callable[[State], State]:
    def add(function: State) -> State:
        STATES[name] = function
        if stranger:
            STRANGERS.add(name)
        return function

    return add


def page(name: str, path: str, *, stranger: bool = False) -> None:
    """A page as it is when one comes."""

    @state(name, stranger=stranger)
    def _(page: Page) -> None:
        page.goto(path)


def room(page: Page, path: str = "/rooms/general/") -> None:
    page.goto(path)
    expect(page.locator(".timeline--ready")).to_be_visible()
    expect(page.locator("[data-view=connection]")).to_be_hidden()


page("sign-in", "/sign-in/", stranger=True)
page("invitation-used", "/invite/nothing-here/", stranger=True)
page("password-reset", "/password/reset/", stranger=True)
page("rooms", "/rooms/")
page("room-new", "/rooms/new/")
page("room-settings", "/rooms/general/settings/")
page("reports", "/rooms/general/reports/")
page("room-log", "/rooms/general/log/")
page("incoming-hooks", "/rooms/general/incoming/")
page("outgoing-hooks", "/rooms/general/hooks/")
page("people", "/people/")
page("threads", "/threads/")
page("profile", "/profile/")
page("tokens", "/profile/tokens/")
page("invitations", "/invitations/")
page("workspace", "/workspace/")
page("bots", "/workspace/bots/")
page("not-found", "/rooms/nowhere/")
page("search-empty", "/search/")
page("search-found", "/search/?q=the+run")
page("search-best", "/search/?q=the&sort=best")
page("search-nothing", "/search/?q=zeppelin")
page("search-refused", "/search/?q=from%3Anobody")


@state("room")
def _(page: Page) -> None:
    room(page)


@state("room-code")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")


@state("direct")
def _(page: Page) -> None:
    room(page, "/people/priya/")


@state("room-members")
def _(page: Page) -> None:
    page.goto("/rooms/general/settings/")
    page.locator("#members").scroll_into_view_if_needed()
    page.get_by_label("Mute Chen Yu").click()


@state("report")
def _(page: Page) -> None:
    room(page)
    page.locator(".message").last.focus()
    page.keyboard.press("m")
    page.locator("#message-menu [data-action=report]").click()
    expect(page.locator("#report")).to_be_visible()


@state("message-menu")
def _(page: Page) -> None:
    room(page)
    message = page.locator(".message").last
    message.focus()
    page.keyboard.press("m")
    expect(page.locator("#message-menu")).to_be_visible()


@state("emoji")
def _(page: Page) -> None:
    room(page)
    page.locator(".message").last.focus()
    page.keyboard.press("+")
    expect(page.locator("#emoji-picker [role=option]").first).to_be_visible()


@state("switcher")
def _(page: Page) -> None:
    room(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("de")
    expect(page.locator(".switcher-item").first).to_be_visible()


@state("keys")
def _(page: Page) -> None:
    room(page)
    page.evaluate("document.getElementById('keys').showModal()")


@state("completion")
def _(page: Page) -> None:
    room(page)
    page.locator("#composer-input").press_sequentially("so :smi")
    expect(page.locator(".completion")).to_be_visible()


@state("offline")
def _(page: Page) -> None:
    room(page)
    page.context.set_offline(True)
    expect(page.locator("[data-view=connection]")).to_be_visible()
    page.locator("#composer-input").fill("Kept until there is a connection again")
    page.locator("#composer-input").press("Enter")
    expect(page.locator(".message--sending")).to_be_visible()


page("pins", "/rooms/general/pins/")
page("kept", "/kept/")
page("new-direct", "/people/olena/")


@state("room-menu")
def _(page: Page) -> None:
    room(page)
    page.get_by_label("More about this room").click()


@state("forward")
def _(page: Page) -> None:
    room(page)
    page.locator(".message").last.focus()
    page.keyboard.press("f")
    expect(page.locator("#forward")).to_be_visible()


@state("thread")
def _(page: Page) -> None:
    room(page)
    page.locator(".message").last.focus()
    page.keyboard.press("t")
    expect(page.locator("#panel[data-thread] .timeline--ready")).to_be_visible()


@state("completion-names")
def _(page: Page) -> None:
    room(page)
    page.locator("#composer-input").press_sequentially("hello @")
    expect(page.locator(".completion__item").first).to_be_visible()


@state("pinned")
def _(page: Page) -> None:
    room(page)
    message = page.locator(".message").last
    if message.locator(".message__pinned").is_hidden():
        message.focus()
        page.keyboard.press("p")
    expect(message.locator(".message__pinned")).to_be_visible()


@state("room-new-empty")
def _(page: Page) -> None:
    page.goto("/rooms/new/")
    page.locator("main input[name=name]").fill("Quiet room")
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator(".timeline--ready")).to_be_visible()


page("notifications", "/notifications/")
page("notifications-none", "/notifications/?show=direct")
page("notify-settings", "/profile/notifications/")

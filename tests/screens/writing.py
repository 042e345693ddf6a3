"""The composer, and all that opens beside it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import CUTTABLE
from tests.screens.states import ANSWER, OWNER, message, open_menu, room, sign_in, state
from tests.support.pictures import picture


def composer(page: Page) -> Locator:
    return page.locator("#composer-input")


@state("emoji")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=pick-reaction]").click()
    expect(page.locator("#emoji-picker [role=option]").first).to_be_visible()


@state("emoji-search")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=pick-reaction]").click()
    page.locator("#emoji-picker [data-slot=query]").fill("boat")
    expect(page.locator("#emoji-picker [role=option]").first).to_have_attribute("title", ":boat:")


@state("completion")
def _(page: Page) -> None:
    room(page)
    composer(page).press_sequentially("so :smi")
    expect(page.locator(".completion__item").first).to_be_visible()


@state("completion-names")
def _(page: Page) -> None:
    room(page)
    composer(page).press_sequentially("hello @")
    expect(page.locator(".completion__item").first).to_be_visible()


@state("completion-rooms")
def _(page: Page) -> None:
    room(page)
    composer(page).press_sequentially("more in #")
    expect(page.locator(".completion__item").first).to_be_visible()


@state("format-bar")
def _(page: Page) -> None:
    room(page)
    bar = page.locator(".composer [data-slot=format-bar]").first
    if not bar.is_visible():
        page.locator("[data-action=toggle-format-bar]").first.click()
    composer(page).fill("Boats leave on time, even the 07:15.\n\nWith a second line.")
    expect(bar).to_be_visible()


@state("reply")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=reply]").click()
    expect(page.locator(".composer__reply")).to_be_visible()


@state("uploads")
def _(page: Page) -> None:
    room(page, "/rooms/design/")
    picker = "[data-slot=picker]"
    image = {"name": "pier-in-the-morning.png", "mimeType": "image/png", "buffer": picture((900, 600), color="teal")}
    page.set_input_files(picker, [image])  # type: ignore[list-item]
    expect(page.locator(".upload--done")).to_have_count(1)
    empty = {"name": "nothing.txt", "mimeType": "text/plain", "buffer": b""}
    page.set_input_files(picker, [empty])  # type: ignore[list-item]
    expect(page.locator(".upload--failed")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 60_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    large = {"name": "all-piers-of-the-archipelago.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" * 200_000}
    page.set_input_files(picker, [large])  # type: ignore[list-item]
    page.wait_for_function("() => document.querySelector('.upload:last-child progress').value > 0.2")


@state("slow-mode")
def _(page: Page) -> None:
    room(page, "/rooms/kitchen/")
    for words in ("Cardamom, of course.", "And one more for the road."):
        composer(page).fill(words)
        composer(page).press("Enter")
    expect(page.locator(".message--sending, .message--failed").last).to_be_visible()


@state("muted", who="yuki")
def _(page: Page) -> None:
    mute(page, "/rooms/design/", "Yuki Satō")
    room(page, "/rooms/design/")
    expect(page.locator("[data-slot=hushed]")).to_be_visible()


@state("offline")
def _(page: Page) -> None:
    # Late, for what is written here is sent once the page is left.
    page.add_init_script(f"{{{CUTTABLE}}}")
    room(page)
    page.context.set_offline(True)
    page.evaluate("cutSockets()")
    expect(page.locator("[data-view=connection]")).to_be_visible()
    composer(page).fill("Kept until there is a connection again")
    composer(page).press("Enter")
    expect(page.locator(".message--sending")).to_be_visible()


@state("room-new-empty")
def _(page: Page) -> None:
    # The last of all, for its rooms stay.
    page.goto("/rooms/new/")
    page.locator("main input[name=name]").fill("Quiet room")
    page.locator("main").get_by_role("button").last.click()
    expect(page.locator(".timeline--ready")).to_be_visible()


def mute(page: Page, path: str, name: str) -> None:
    """By the owner of the room, in another browser, unless it is done."""
    page.goto(path)
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page(base_url=page.url.removesuffix(path))
    sign_in(other, OWNER)
    other.goto(f"{path}settings/")
    if other.get_by_label(f"Mute {name}").count():
        other.get_by_label(f"Mute {name}").click()
        other.get_by_role("button", name="Mute for").first.click()
        expect(other.get_by_label(f"Let {name} write again")).to_be_visible()
    other.close()

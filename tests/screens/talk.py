"""Rooms and what is opened in them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screens.states import ANSWER, is_phone, message, open_menu, press, room, state, to_the_middle

REPORT = "What happened last night"


@state("room")
def _(page: Page) -> None:
    room(page)


@state("room-unread")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, "@ada the local radio"))
    page.locator("#message-menu [data-action=mark-unread]").click()
    expect(page.locator(".new-divider")).to_be_visible()


@state("room-code")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")


@state("room-table")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")
    to_the_middle(page.locator(".room__talk table"))


@state("room-folded")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")
    to_the_middle(page.locator(".message--folded .message__fold"))


@state("room-image")
def _(page: Page) -> None:
    room(page)
    image = page.locator(".attachment--image").first
    expect(image).not_to_have_class("attachment--waiting")
    to_the_middle(image)


@state("room-file")
def _(page: Page) -> None:
    room(page)
    to_the_middle(message(page, "the final sheet"))


@state("room-card")
def _(page: Page) -> None:
    room(page)
    to_the_middle(page.locator(".preview").first)


@state("room-announcements", who="bashir")
def _(page: Page) -> None:
    room(page, "/rooms/announcements/")
    expect(page.locator("[data-slot=hushed]")).to_be_visible()


@state("direct")
def _(page: Page) -> None:
    room(page, "/people/priya/")


@state("reactions")
def _(page: Page) -> None:
    room(page)
    reaction = message(page, "wrote us a letter").locator(".reaction[data-emoji]").first
    to_the_middle(reaction)
    if is_phone(page):
        reaction.dispatch_event("contextmenu")
    else:
        reaction.hover()
    expect(page.locator(".tip")).to_be_visible()


@state("lightbox")
def _(page: Page) -> None:
    room(page)
    image = page.locator(".attachment--image").first
    press(page, image)
    expect(page.locator("#lightbox")).to_be_visible()
    page.locator("#lightbox img").evaluate("(image) => image.decode()")


@state("message-menu")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))


@state("message-menu-own")
def _(page: Page) -> None:
    room(page)
    own = message(page, "Have a good evening")
    to_the_middle(own)
    open_menu(page, own)


@state("message-toolbar")
def _(page: Page) -> None:
    room(page)
    message(page, ANSWER).hover()


@state("message-editor")
def _(page: Page) -> None:
    room(page)
    own = message(page, "For Friday, who does what")
    to_the_middle(own)
    own.focus()
    page.keyboard.press("e")
    expect(page.locator(".message__editor")).to_be_visible()


@state("message-delete")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=delete]").click()
    expect(page.locator("#confirm-delete")).to_be_visible()


@state("edit-history")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")
    message(page, "Staging has run").locator(".message__edited").click()
    expect(page.get_by_role("dialog", name="Edit history")).to_be_visible()


@state("report")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=report]").click()
    expect(page.locator("#report")).to_be_visible()


@state("forward")
def _(page: Page) -> None:
    room(page)
    open_menu(page, message(page, ANSWER))
    page.locator("#message-menu [data-action=forward]").click()
    expect(page.locator("#forward")).to_be_visible()


@state("thread")
def _(page: Page) -> None:
    room(page, "/rooms/engineering/")
    link = message(page, REPORT).locator(".message__thread")
    to_the_middle(link)
    press(page, link)
    expect(page.locator("#panel[data-thread] .timeline--ready")).to_be_visible()


@state("thread-empty")
def _(page: Page) -> None:
    room(page)
    own = message(page, ANSWER)
    own.focus()
    page.keyboard.press("t")
    expect(page.locator("#panel[data-thread] .timeline--ready")).to_be_visible()


@state("room-menu")
def _(page: Page) -> None:
    room(page)
    page.get_by_label("More about this room").click()


@state("create-room")
def _(page: Page) -> None:
    room(page)
    if is_phone(page):
        page.locator(".room__back").click()
    page.locator("[data-action=open-create-room]").click()
    expect(page.locator("#create-room")).to_be_visible()


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

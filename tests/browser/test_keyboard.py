"""Everything by the keyboard alone."""

import re

from playwright.sync_api import expect

from tests.browser.people import House


def test_the_switcher_goes_to_a_room_by_a_few_letters(house: House) -> None:
    here, there = house.room(), house.room()
    alice = house.enter("alice", here)
    page = alice.page
    page.keyboard.press("Control+k")
    expect(page.locator("#switcher [data-slot=query]")).to_be_focused()
    page.keyboard.type(there.name.replace(" ", "").lower())
    first = page.locator(".switcher-item").first
    expect(first).to_contain_text(there.name)
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-name", there.name)
    expect(page).to_have_url(re.compile(f"{there.path}$"))
    expect(alice.composer).to_be_focused()
    expect(alice.room_item(there.name).locator("a")).to_have_attribute("aria-current", "page")
    expect(page.locator("[aria-current=page]")).to_have_count(1)


def test_arrows_choose_in_the_switcher_and_escape_returns(house: House) -> None:
    alice = house.enter("alice", house.room())
    page = alice.page
    page.keyboard.press("Control+k")
    selected = page.locator(".switcher-item[aria-selected=true]")
    expect(selected).to_have_count(1)
    first = selected.inner_text()
    page.keyboard.press("ArrowDown")
    expect(selected).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    assert selected.inner_text() == first
    page.keyboard.type("zzqx")
    expect(page.locator("#switcher [data-slot=none]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#switcher")).to_be_hidden()
    expect(alice.composer).to_be_focused()


def test_somebody_without_a_talk_is_found_by_name(house: House) -> None:
    alice = house.enter("alice", house.room())
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type("mallo")
    expect(alice.page.locator(".switcher-item").first).to_contain_text("Mallory")
    alice.page.keyboard.press("Enter")
    expect(alice.page).to_have_url(re.compile("/people/mallory/$"))


def test_messages_are_walked_through_and_acted_on(house: House) -> None:
    room = house.room()
    house.post("alice", room, "one", "two", "three")
    alice = house.enter("alice", room)
    page = alice.page
    page.keyboard.press("Alt+ArrowUp")
    expect(alice.focused()).to_contain_text("three")
    page.keyboard.press("Alt+ArrowUp")
    expect(alice.focused()).to_contain_text("two")
    expect(alice.message("two").locator(".toolbar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(alice.composer).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    expect(alice.composer).to_be_focused()


def test_escape_closes_what_opened_last(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Lunch?")
    house.post("alice", room, "mine")
    alice = house.enter("alice", room)
    page = alice.page
    alice.act(alice.message("Lunch?"), "reply")
    alice.act(alice.message("mine"), "edit")
    page.locator(".room__tools .menu summary").click()
    expect(page.locator(".room__tools .menu__items")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".room__tools .menu__items")).to_be_hidden()
    expect(page.locator(".message__editor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".message__editor")).to_have_count(0)
    expect(page.locator(".composer__reply")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".composer__reply")).to_be_hidden()


def test_a_room_is_made_from_the_dialog(house: House) -> None:
    alice = house.enter("alice", house.room())
    page = alice.page
    page.locator("[data-action=open-create-room]").click()
    page.locator("#create-room-name").fill("Garden shed")
    page.locator("#create-room-topic").fill("Tools")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-name", "Garden shed")
    expect(page.locator("#create-room")).to_be_hidden()
    expect(alice.room_item("Garden shed").locator("a")).to_have_attribute("aria-current", "page")
    alice.say("First!")
    expect(alice.message("First!").locator("p")).to_be_visible()

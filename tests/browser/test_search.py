"""Looking for what was said, and going there."""

import re

from playwright.sync_api import expect

from tests.browser.people import House


def test_what_was_said_is_found_and_opens_in_its_place(house: House) -> None:
    room = house.room()
    house.post("bob", room, "The zeppelin has landed", *(f"and line {number}" for number in range(80)))
    alice = house.enter("alice", room)
    alice.page.get_by_label("Search in this room").click()
    field = alice.page.get_by_label("Search messages")
    expect(field).to_be_focused()
    expect(field).to_have_value(re.compile(r"^in:#\S+ $"))
    expect(alice.page.get_by_text("What can be asked")).to_be_visible()
    field.press_sequentially("zeppelin")
    alice.page.context.set_offline(True)
    field.press("Enter")
    expect(alice.page.locator(".toast--error")).to_contain_text("The page opens as soon as it can.")
    alice.mend()
    expect(alice.page.locator(".hit mark")).to_have_text(["zeppelin"])
    alice.page.locator(".hit__excerpt").click()
    expect(alice.page.locator(".message--target .message__body")).to_have_text("The zeppelin has landed")
    alice.page.go_back()
    expect(alice.page.locator(".hit mark")).to_have_text(["zeppelin"])
    alice.page.get_by_role("button", name="Best first").click()
    expect(alice.page.get_by_role("button", name="Best first")).to_have_attribute("aria-pressed", "true")
    expect(alice.page.locator(".hit")).to_have_count(1)


def test_the_switcher_looks_for_messages_too_and_a_shortcut_opens_the_search(house: House) -> None:
    room = house.room()
    bob, alice = house.enter("bob", room), house.enter("alice", room)
    bob.say("a dirigible, then")
    expect(alice.message("a dirigible, then")).to_be_visible()
    alice.page.keyboard.press("Control+k")
    alice.page.keyboard.type("dirigible")
    expect(alice.page.locator(".switcher-item[aria-selected=true]")).to_contain_text("Search messages for “dirigible”")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator(".hit__excerpt")).to_have_text(["a dirigible, then"])
    alice.page.keyboard.press("Control+Shift+f")
    expect(alice.page.get_by_label("Search messages")).to_be_focused()
    field = alice.page.get_by_label("Search messages")
    expect(field).to_have_value("")
    field.press_sequentially("dirigible from:bo")
    expect(alice.page.locator(".completion__item")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("dirigible from:bob ")
    field.press("Enter")
    expect(alice.page.locator(".hit__excerpt")).to_have_text(["a dirigible, then"])
    bob.page.goto("/search/?q=dirigible+from%3Ame")
    expect(bob.page.locator(".hit__excerpt")).to_have_text(["a dirigible, then"])
    bob.page.goto("/search/?q=dirigible+from%3Aalice")
    expect(bob.page.locator(".empty__title")).to_have_text("Nothing found")

"""Pins, what is kept for later, forwarding, and going to a day."""

import datetime

from playwright.sync_api import expect

from tests.browser.people import House


def test_a_pin_is_seen_by_all_also_by_who_was_away(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    house.post("alice", room, "The minutes")
    expect(alice.message("The minutes")).to_be_visible()
    bob.cut()
    alice.act(alice.message("The minutes"), "pin")
    expect(alice.message("The minutes").locator(".message__pinned")).to_be_visible()
    bob.mend()
    expect(bob.message("The minutes").locator(".message__pinned")).to_be_visible()
    bob.page.get_by_label("More about this room").click()
    bob.page.get_by_text("Pinned messages").click()
    bob.page.locator(".hit__excerpt").click()
    expect(bob.page.locator(".message--target .message__body")).to_have_text("The minutes")
    bob.act(bob.message("The minutes"), "unpin")
    expect(alice.message("The minutes").locator(".message__pinned")).to_be_hidden()


def test_what_is_kept_for_later_is_kept_on_all_devices(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Read this at home")
    first, second = house.enter("alice", room), house.enter("alice", room)
    second.message("Read this at home").hover()
    first.act(first.message("Read this at home"), "keep")
    expect(first.page.get_by_text("Kept for later.", exact=True)).to_be_visible()
    second.act(second.message("Read this at home"), "unkeep")
    expect(second.page.get_by_text("Kept no longer.")).to_be_visible()
    first.page.context.set_offline(True)
    first.act(first.message("Read this at home"), "keep")
    expect(first.page.locator(".toast--error")).to_have_text("It was not kept. There is no connection just now.")
    first.mend()
    expect(first.banner).to_be_hidden()
    first.act(first.message("Read this at home"), "keep")
    while not house.ask("alice", "GET", "bookmarks/")["results"]:
        first.page.wait_for_timeout(50)
    first.page.get_by_role("link", name="Kept for later").click()
    expect(first.page.locator(".hit__excerpt").first).to_have_text("Read this at home")


def test_a_message_is_passed_on_and_leads_back(house: House) -> None:
    here, there = house.room(), house.room()
    house.post("bob", here, "The zeppelin has landed")
    alice, bob = house.enter("alice", here), house.enter("bob", there)
    alice.act(alice.message("The zeppelin has landed"), "forward")
    alice.page.get_by_label("To", exact=True).select_option(there.id)
    alice.page.get_by_label("Your words").fill("Did you see?")
    alice.cut()
    alice.page.get_by_role("button", name="Forward", exact=True).click()
    expect(bob.message("Did you see?")).to_have_count(0)
    alice.mend()
    expect(bob.message("Did you see?").locator("blockquote")).to_contain_text("Bob wrote:")
    expect(bob.message("Did you see?").locator("blockquote")).to_contain_text("The zeppelin has landed")
    expect(bob.message("Did you see?")).to_have_count(1)
    bob.page.get_by_role("link", name="wrote").click()
    expect(bob.page.locator(".message--target .message__body")).to_have_text("The zeppelin has landed")


def test_one_goes_to_a_day(house: House) -> None:
    room = house.room()
    house.post("bob", room, "the first", *(f"line {number}" for number in range(90)))
    alice = house.enter("alice", room)
    expect(alice.message("the first")).to_have_count(0)
    alice.page.get_by_label("More about this room").click()
    alice.page.get_by_label("Go to a day").fill(str(datetime.date.today() - datetime.timedelta(days=1)))
    alice.cut()
    alice.page.get_by_role("button", name="Go", exact=True).click()
    expect(alice.page.locator(".toast--error")).to_contain_text("The page opens as soon as it can.")
    alice.mend()
    expect(alice.page.locator(".message--target .message__body")).to_have_text("the first")

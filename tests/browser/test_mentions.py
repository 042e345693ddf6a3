"""Naming people, everybody and rooms."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.people import House, Screen


def offered(screen: Screen) -> Locator:
    return screen.page.locator(".completion__item")


def test_people_are_completed_and_find_themselves_named(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.composer.press_sequentially("hello @bo")
    expect(offered(alice)).to_have_text([re.compile("Bob.*@bob")])
    alice.page.keyboard.press("Enter")
    expect(alice.composer).to_have_value("hello @bob ")
    alice.composer.press_sequentially("lunch?")
    alice.page.keyboard.press("Enter")
    expect(bob.message("lunch?")).to_have_class(re.compile("message--mention"))
    expect(alice.message("lunch?")).not_to_have_class(re.compile("message--mention"))


def test_everybody_is_called_also_by_who_was_away(house: House) -> None:
    room, elsewhere = house.room(), house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", elsewhere)
    bob.cut()
    alice.composer.press_sequentially("@roo")
    expect(offered(alice)).to_have_text([re.compile("Everybody in this room")])
    alice.page.keyboard.press("Tab")
    alice.composer.press_sequentially("the cake is here")
    alice.page.keyboard.press("Enter")
    alice.shows("@room the cake is here")
    bob.mend()
    expect(bob.room_item(room.name).locator(".badge--mention")).to_have_text("@1")
    bob.room_item(room.name).locator("a").click()
    expect(bob.message("the cake is here")).to_have_class(re.compile("message--mention"))
    expect(bob.room_item(room.name).locator(".badge--mention")).to_be_hidden()


def test_rooms_are_completed_and_lead_there(house: House) -> None:
    room, other = house.room(), house.room()
    alice = house.enter("alice", room)
    slug = other.path.split("/")[2]
    alice.composer.press_sequentially(f"see #{slug}")
    expect(offered(alice).first).to_contain_text(other.name)
    alice.page.keyboard.press("Escape")
    alice.page.keyboard.press("Enter")
    link = alice.message("see").locator("a.room-link")
    expect(link).to_have_text(f"#{slug}")
    link.click()
    expect(alice.page.locator("#main[data-view=room]")).to_have_attribute("data-room", other.id)

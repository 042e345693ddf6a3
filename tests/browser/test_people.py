"""Who is here, and a talk of two."""

import re

from playwright.sync_api import expect

from tests.browser.people import House


def test_presence_comes_and_goes_with_the_browser(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    bobs_mark = alice.page.locator(f"#panel [data-presence='{house.cast.ids['bob']}']")
    expect(bobs_mark).not_to_have_class(re.compile("presence--online"))
    bob = house.enter("bob", room)
    expect(bobs_mark).to_have_class(re.compile("presence--online"))
    expect(bobs_mark).to_have_text("online")
    bob.page.close()
    expect(bobs_mark).not_to_have_class(re.compile("presence--online"), timeout=40_000)


def test_who_enters_and_leaves_the_room_does_so_in_the_list(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    members, count = alice.page.locator("#panel .member"), alice.page.locator("#panel [data-slot=count]")
    before = int(count.inner_text())
    house.ask("mallory", "POST", f"rooms/{room.id}/join/")
    expect(members.filter(has_text="Mallory")).to_have_count(1)
    expect(count).to_have_text(str(before + 1))
    house.ask("mallory", "POST", f"rooms/{room.id}/leave/")
    expect(members.filter(has_text="Mallory")).to_have_count(0)
    expect(count).to_have_text(str(before))


def test_a_direct_talk_appears_at_the_others_side_with_its_first_words(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.page.locator("#panel .member", has_text="Bob").locator("a").click()
    expect(alice.page.locator("main")).to_have_attribute("data-name", "Bob")
    start = alice.page.get_by_role("button", name="Start talking")
    expect(start.or_(alice.composer)).to_be_visible()
    if start.is_visible():
        start.click()
    expect(alice.composer).to_be_visible()
    alice.connected().say("psst")
    item = bob.room_item("Alice")
    expect(item.locator("[data-slot=unread]")).to_have_text("1")
    item.locator("a").click()
    expect(bob.message("psst")).to_be_visible()
    expect(item.locator("[data-slot=unread]")).to_be_hidden()


def test_somebody_outside_an_open_room_sees_the_door_and_may_enter(house: House) -> None:
    room = house.room()
    mallory = house.tab(house.sign_in("mallory"))
    mallory.page.goto(room.path)
    expect(mallory.page.locator("main")).to_have_attribute("data-state", "outside")
    expect(mallory.composer).to_have_count(0)
    mallory.page.get_by_role("button", name="Join the room").click()
    mallory.connected().say("here I am")
    mallory.shows("here I am")
    house.ask("mallory", "POST", f"rooms/{room.id}/leave/")
    expect(mallory.page.locator(".room__closed")).to_be_visible()

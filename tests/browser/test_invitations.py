"""Somebody new comes in by a link."""

from playwright.sync_api import expect

from tests.browser.people import House


def test_who_is_invited_by_a_link_makes_an_account_and_talks(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.page.goto("/invitations/")
    main = alice.page.get_by_role("main")
    main.locator("[name=room]").select_option(room.id)
    main.get_by_role("button", name="Make a link").click()
    link = main.locator("[data-view=copy] [data-slot=text]").input_value()
    newcomer = house.tab(house.arrive())
    newcomer.page.goto(link)
    expect(newcomer.page.get_by_text("Alice invites you")).to_be_visible()
    newcomer.page.get_by_label("Your name").fill("Grace Hopper")
    newcomer.page.get_by_label("User name").fill("grace")
    newcomer.page.get_by_label("Password").fill("correct horse battery")
    newcomer.page.get_by_role("button", name="Join").click()
    newcomer.connected()
    newcomer.page.goto(room.path)
    newcomer.connected().say("Hello, I am new")
    alice.open(room.path)
    expect(alice.message("Hello, I am new")).to_be_visible()
    expect(alice.page.locator("#panel .member", has_text="Grace Hopper")).to_have_count(1)

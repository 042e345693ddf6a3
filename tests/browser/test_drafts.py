"""What was begun is kept."""

from playwright.sync_api import expect

from tests.browser.people import House


def test_a_draft_survives_a_reload_and_its_room_only(house: House) -> None:
    here, there = house.room(), house.room()
    alice = house.enter("alice", here)
    alice.composer.fill("half a thou")
    alice.page.reload()
    expect(alice.connected().composer).to_have_value("half a thou")
    alice.room_item(there.name).click()
    expect(alice.page.locator("main")).to_have_attribute("data-name", there.name)
    expect(alice.composer).to_have_value("")
    alice.page.go_back()
    expect(alice.page.locator("main")).to_have_attribute("data-name", here.name)
    expect(alice.composer).to_have_value("half a thou")


def test_a_draft_is_gone_once_it_was_sent(house: House) -> None:
    alice = house.enter("alice", house.room())
    alice.say("a whole thought")
    alice.shows("a whole thought")
    alice.page.reload()
    expect(alice.connected().composer).to_have_value("")


def test_a_draft_answers_the_same_message_after_a_reload(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Lunch?")
    alice = house.enter("alice", room)
    alice.act(alice.message("Lunch?"), "reply")
    alice.composer.fill("At")
    alice.page.reload()
    expect(alice.connected().page.locator(".composer__reply")).to_contain_text("Lunch?")
    alice.say("At twelve")
    expect(alice.message("At twelve").locator(".message__reply")).to_contain_text("Lunch?")


def test_another_person_in_the_same_browser_finds_no_draft(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.composer.fill("about Bob")
    alice.page.reload()
    expect(alice.connected().composer).to_have_value("about Bob")
    cookie = {"name": "sessionid", "value": house.cast.sessions["bob"], "url": house.cast.parley.url}
    alice.page.context.add_cookies([cookie])  # type: ignore[list-item]
    alice.page.reload()
    expect(alice.connected().composer).to_have_value("")

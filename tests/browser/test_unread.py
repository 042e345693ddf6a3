"""What is unread is counted everywhere, and read only when somebody looks."""

import re

from playwright.sync_api import expect

from tests.browser.people import House


def test_messages_elsewhere_are_counted_live_and_cleared_by_reading(house: House) -> None:
    here, there = house.room(), house.room()
    alice = house.enter("alice", here)
    item = alice.room_item(there.name)
    house.post("bob", there, "one", "two")
    expect(item.locator("[data-slot=unread]")).to_have_text("2")
    expect(item).to_have_class(re.compile("room-item--unread"))
    expect(alice.page).to_have_title(re.compile(r"^\(\d+\) "))
    item.locator("a").click()
    expect(alice.page.locator("main")).to_have_attribute("data-name", there.name)
    expect(alice.room_item(there.name).locator("[data-slot=unread]")).to_be_hidden()
    alice.page.reload()
    expect(alice.connected().room_item(there.name).locator("[data-slot=unread]")).to_be_hidden()


def test_reading_on_one_device_clears_it_on_the_other(house: House) -> None:
    here, there = house.room(), house.room()
    desk, phone = house.enter("alice", here), house.enter("alice", here)
    house.post("bob", there, "one")
    for screen in (desk, phone):
        expect(screen.room_item(there.name).locator("[data-slot=unread]")).to_have_text("1")
    desk.room_item(there.name).locator("a").click()
    expect(phone.room_item(there.name).locator("[data-slot=unread]")).to_be_hidden()


def test_a_mention_stands_out_in_the_list_and_in_the_talk(house: House) -> None:
    here, there = house.room(), house.room()
    alice = house.enter("alice", here)
    house.post("bob", there, "@alice look")
    item = alice.room_item(there.name)
    expect(item.locator("[data-slot=mentions]")).to_have_text("@1")
    expect(item.locator("[data-slot=unread]")).to_be_hidden()
    item.locator("a").click()
    expect(alice.message("look")).to_have_class(re.compile("message--mention"))
    expect(alice.message("look").locator(".mention--me")).to_have_text("@alice")


def test_the_divider_stands_at_the_first_unread_and_stays_while_reading(house: House) -> None:
    room = house.room()
    house.post("alice", room, "mine")
    house.post("bob", room, "first new", "second new")
    alice = house.enter("alice", room)
    divider = alice.page.locator("[data-new-divider]")
    expect(divider).to_have_count(1)
    after = alice.page.locator("[data-new-divider] + .message")
    expect(after).to_contain_text("first new")
    expect(alice.room_item(room.name).locator("[data-slot=unread]")).to_be_hidden()
    house.post("bob", room, "third new")
    expect(alice.message("third new")).to_be_visible()
    expect(divider).to_have_count(1)
    expect(after).to_contain_text("first new")
    expect(alice.room_item(room.name).locator("[data-slot=unread]")).to_be_hidden()
    while house.ask("alice", "GET", f"rooms/{room.id}/")["unread"]:  # what is read is told after a moment
        alice.page.wait_for_timeout(50)
    alice.page.reload()
    expect(alice.connected().page.locator("[data-new-divider]")).to_have_count(0)


def test_no_divider_comes_under_the_eyes_of_somebody_who_reads_along(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    house.post("bob", room, "hello")
    expect(alice.message("hello")).to_be_visible()
    expect(alice.page.locator("[data-new-divider]")).to_have_count(0)


def test_marking_unread_holds_until_something_new_is_seen(house: House) -> None:
    room = house.room()
    house.post("bob", room, "one", "two", "three")
    alice = house.enter("alice", room)
    count = alice.room_item(room.name).locator("[data-slot=unread]")
    expect(count).to_be_hidden()
    alice.act(alice.message("two"), "mark-unread")
    expect(count).to_have_text("2")
    expect(alice.page.locator("[data-new-divider] + .message")).to_contain_text("two")
    alice.page.reload()
    expect(alice.page.locator("[data-new-divider] + .message")).to_contain_text("two")


def test_a_room_that_one_is_added_to_appears_and_one_that_is_left_goes(house: House) -> None:
    room = house.room()
    bob = house.enter("bob", room)
    name = f"Guests {room.id}"
    made = house.ask("alice", "POST", "rooms/", {"name": name, "kind": "private", "members": [house.cast.ids["bob"]]})
    expect(bob.room_item(name)).to_have_count(1)
    bob.room_item(name).locator("a").click()
    expect(bob.page.locator("main")).to_have_attribute("data-name", name)
    house.ask("alice", "DELETE", f"rooms/{made['id']}/members/{house.cast.ids['bob']}/")
    expect(bob.page.locator(".room__closed")).to_contain_text("no longer a member")
    expect(bob.room_item(name)).to_have_count(0)
    expect(bob.composer).to_have_count(0)


def test_a_renamed_room_changes_its_name_everywhere_at_once(house: House) -> None:
    room = house.room()
    bob = house.enter("bob", room)
    name = f"Renamed {room.id}"
    house.ask("alice", "PATCH", f"rooms/{room.id}/", {"name": name, "topic": "Quietly"})
    expect(bob.page.locator("[data-slot=room-name]")).to_have_text(name)
    expect(bob.page.locator("[data-slot=room-topic]")).to_have_text("Quietly")
    expect(bob.room_item(name)).to_have_count(1)
    expect(bob.page).to_have_title(re.compile(re.escape(name)))
    bob.page.reload()
    bob.connected()

"""Two people talk in a thread, beside their room."""

import uuid

from playwright.sync_api import Locator, expect

from tests.browser.people import House, Screen


def panel(screen: Screen) -> Locator:
    return screen.page.locator("#panel[data-thread]")


def reply(screen: Screen, text: str) -> None:
    screen.page.locator("#thread-input").fill(text)
    screen.page.locator("#thread-input").press("Enter")


def replies(screen: Screen) -> Locator:
    return panel(screen).locator(".timeline__list .message__body")


def test_a_thread_is_begun_answered_and_told_in_the_room(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("Lunch?")
    bob.act(bob.message("Lunch?"), "open-thread")
    expect(panel(bob)).to_be_visible()
    reply(bob, "At noon, **all**")
    expect(replies(bob)).to_have_text(["At noon, all"])
    link = alice.message("Lunch?").locator(".message__thread")
    expect(link).to_contain_text("1 reply")
    expect(link).to_have_class("message__thread message__thread--unread")
    link.click()
    expect(replies(alice)).to_have_text(["At noon, all"])
    reply(alice, "Fine")
    for screen in (alice, bob):
        expect(replies(screen)).to_have_text(["At noon, all", "Fine"])
        expect(screen.page.locator(".room__talk .message__body")).to_have_text(["Lunch?"])
        expect(screen.page.locator(".room__talk .message__replies")).to_have_text("2 replies")
    expect(link).not_to_have_class("message__thread message__thread--unread")
    alice.page.keyboard.press("Escape")
    expect(panel(alice)).to_have_count(0)
    expect(alice.page.locator("#panel")).to_contain_text("Members")


def test_what_is_said_in_a_thread_without_a_connection_arrives(house: House) -> None:
    room = house.room()
    (root,) = house.post("bob", room, "Lunch?")
    alice = house.enter("alice", room)
    alice.act(alice.message("Lunch?"), "open-thread")
    expect(panel(alice)).to_be_visible()
    alice.cut()
    reply(alice, "kept meanwhile")
    expect(panel(alice).locator(".message--sending .message__body")).to_have_text("kept meanwhile")
    body = {"id": str(uuid.uuid4()), "body": "said meanwhile", "thread": root["id"]}
    house.ask("bob", "POST", f"rooms/{room.id}/messages/", body)
    alice.mend()
    expect(replies(alice)).to_have_text(["said meanwhile", "kept meanwhile"])
    expect(panel(alice).locator(".message--sending, .message--failed")).to_have_count(0)


def test_one_hears_no_more_of_a_thread_on_any_device(house: House) -> None:
    room = house.room()
    (root,) = house.post("alice", room, "Lunch?")
    body = {"id": str(uuid.uuid4()), "body": "Noon", "thread": root["id"]}
    house.ask("bob", "POST", f"rooms/{room.id}/messages/", body)
    one, other = house.enter("alice", room), house.enter("alice", room)
    for screen in (one, other):
        screen.message("Lunch?").locator(".message__thread").click()
        expect(screen.page.locator("[data-action=follow-thread]")).to_have_text("Following")
    one.page.locator("[data-action=follow-thread]").click()
    for screen in (one, other):
        expect(screen.page.locator("[data-action=follow-thread]")).to_have_text("Follow")


def test_a_link_to_a_reply_opens_its_thread(house: House) -> None:
    room = house.room()
    (root,) = house.post("alice", room, "Lunch?")
    body = {"id": str(uuid.uuid4()), "body": "Noon", "thread": root["id"]}
    said = house.ask("bob", "POST", f"rooms/{room.id}/messages/", body)
    screen = house.tab(house.sign_in("alice"))
    screen.page.goto(f"{room.path}{said['id']}/")
    expect(replies(screen)).to_have_text(["Noon"])
    expect(panel(screen).locator(".message--target")).to_contain_text("Noon")
    reply(screen, "One")
    expect(replies(screen)).to_have_text(["Noon", "One"])
    screen.page.locator("[data-action=close-thread]").click()
    expect(screen.page.locator("#panel")).to_contain_text("Members")


def test_a_thread_works_without_the_script(house: House) -> None:
    room = house.room()
    (root,) = house.post("alice", room, "Lunch?")
    page = house.sign_in("bob", java_script_enabled=False).new_page()
    page.goto(f"{room.path}{root['id']}/thread/")
    page.locator("#thread-input").fill("Noon")
    page.locator("#panel .composer__send").click()
    expect(page.locator("#panel .timeline__list .message__body")).to_have_text(["Noon"])
    expect(page.locator(".room__talk .message__replies")).to_have_text("1 reply")


def test_threads_with_something_new_are_counted_and_listed(house: House) -> None:
    room = house.room()
    (root,) = house.post("alice", room, f"Lunch {uuid.uuid4()}?")
    alice = house.enter("alice", room)
    badge = alice.page.locator("[data-slot=threads] [data-slot=waiting]")
    before = len(house.ask("alice", "GET", "threads/?unread=true&limit=200")["results"])
    body = {"id": str(uuid.uuid4()), "body": "Noon", "thread": root["id"]}
    house.ask("bob", "POST", f"rooms/{room.id}/messages/", body)
    expect(badge).to_have_text(str(before + 1))
    alice.page.locator("[data-slot=threads]").click()
    alice.page.locator(".row--unread", has_text=root["body"]).click()
    expect(replies(alice)).to_have_text(["Noon"])
    if before == 0:
        expect(badge).to_be_hidden()
    else:
        expect(badge).to_have_text(str(before))


def test_the_list_of_threads_is_kept_up_also_for_who_was_away(house: House) -> None:
    room = house.room()
    (root,) = house.post("alice", room, "Who brings the cake?")
    alice = house.enter("alice", room)
    alice.page.get_by_role("link", name="Threads").click()
    expect(alice.page.get_by_role("heading", name="Threads")).to_be_visible()
    line = alice.page.locator(".row", has_text="Who brings the cake?")
    expect(line).to_have_count(0)
    alice.page.context.set_offline(True)
    path, said = f"rooms/{room.id}/messages/", {"body": "I do", "thread": root["id"]}
    house.ask("bob", "POST", path, {"id": str(uuid.uuid4()), **said})
    alice.mend()
    expect(line.locator(".badge")).to_contain_text("1")
    house.ask("bob", "POST", path, {"id": str(uuid.uuid4()), **said})
    expect(line.locator(".badge")).to_contain_text("2")

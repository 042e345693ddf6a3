"""A room is kept in order while people are in it."""

import re

from playwright.sync_api import expect

from tests.browser.people import House

IS_UPPERMOST = """toast => {
    const { left, top, width, height } = toast.getBoundingClientRect();
    toast.style.pointerEvents = "auto";
    return toast.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


def test_who_is_muted_cannot_write_until_they_may_again(house: House) -> None:
    room = house.room()
    bob = house.enter("bob", room)
    user = house.cast.ids["bob"]
    bob.composer.fill("half a sentence")
    house.ask("alice", "PUT", f"rooms/{room.id}/members/{user}/mute/", {"seconds": 3600})
    expect(bob.page.locator("[data-slot=hushed]")).to_contain_text("You cannot write here until")
    expect(bob.composer).to_have_count(0)
    house.post("alice", room, "others still come")
    expect(bob.message("others still come")).to_be_visible()
    bob.message("others still come").hover()
    toolbar = bob.page.get_by_role("toolbar", name="Message actions")
    expect(toolbar.get_by_role("button", name="More")).to_be_visible()
    expect(toolbar.get_by_role("button", name="React", exact=True)).to_be_hidden()
    house.ask("alice", "DELETE", f"rooms/{room.id}/members/{user}/mute/")
    expect(bob.composer).to_have_value("half a sentence")
    bob.composer.press("Enter")
    expect(bob.message("half a sentence")).not_to_have_class(re.compile("message--(sending|failed)"))


def test_who_is_banned_while_away_learns_of_it_and_does_not_come_in_again(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    bob.cut()
    alice.page.goto(f"{room.path}settings/")
    alice.page.get_by_label("Ban Bob").click()
    alice.page.get_by_label("Reason").fill("Sells watches.")
    alice.page.get_by_role("button", name="Ban", exact=True).click()
    expect(alice.page.get_by_text("Banned from this room.")).to_be_visible()
    expect(alice.page.get_by_text("Sells watches.")).to_be_visible()
    bob.mend()
    expect(bob.composer).to_have_count(0)
    bob.page.goto(room.path)
    bob.page.get_by_role("button", name="Join").click()
    expect(bob.page.get_by_text("who is banned from the room is not let in", exact=False)).to_be_visible()
    alice.page.get_by_label("Lift the ban of Bob").click()
    expect(alice.page.get_by_text("They may come in again.")).to_be_visible()
    bob.page.goto(room.path)
    bob.page.get_by_role("button", name="Join").click()
    expect(bob.composer).to_be_visible()


def test_a_room_becomes_one_for_announcements_also_for_who_was_away(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    bob.cut()
    alice.page.goto(f"{room.path}settings/")
    alice.page.get_by_label("Moderators").check()
    alice.page.get_by_role("button", name="Save").click()
    expect(alice.page.get_by_text("Saved.")).to_be_visible()
    bob.say("said while it changed")
    bob.mend()
    expect(bob.page.locator("[data-slot=hushed]")).to_contain_text("Only those who moderate this room")
    expect(bob.message("said while it changed")).to_have_class(re.compile("message--failed"))
    alice.open(room.path)
    alice.say("the news")
    expect(bob.message("the news")).to_be_visible()
    bob.message("the news").hover()
    toolbar = bob.page.get_by_role("toolbar", name="Message actions")
    expect(toolbar.get_by_role("button", name="Reply", exact=True)).to_be_hidden()
    toolbar.locator("[data-action=quick-react]").first.click()
    expect(alice.message("the news").locator(".reaction[data-emoji]")).to_have_count(1)


def test_a_message_is_reported_and_taken_away(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    house.post("alice", room, "mine")
    bob.say("Cheap watches!")
    message = alice.message("Cheap watches!")
    expect(message).to_be_visible()
    alice.act(message, "report")
    alice.page.get_by_label("What is wrong with it").fill("an advertisement")
    alice.page.context.set_offline(True)
    alice.page.get_by_role("button", name="Report").click()
    toast = alice.page.locator("#report .toast--error")
    expect(toast).to_have_text("It could not be reported. There is no connection just now.")
    assert toast.evaluate(IS_UPPERMOST)
    alice.mend()
    expect(alice.banner).to_be_hidden()
    alice.page.get_by_role("button", name="Report").click()
    expect(alice.page.get_by_text("Those who moderate the room see it now.")).to_be_visible()
    alice.page.goto(f"{room.path}reports/")
    expect(alice.page.get_by_text("an advertisement")).to_be_visible()
    bob.cut()
    alice.page.get_by_role("button", name="Delete the message").click()
    expect(alice.page.get_by_text("The message is deleted")).to_be_visible()
    bob.mend()
    expect(bob.page.locator(".message--deleted")).to_have_count(1)
    bob.say("and what I say myself")
    bob.message("and what I say myself").hover()
    bob.message("and what I say myself").locator(".toolbar [data-action=open-menu]").click()
    expect(bob.page.locator("#message-menu [data-action=delete]")).to_be_visible()
    expect(bob.page.locator("#message-menu [data-action=report]")).to_be_hidden()


def test_roles_and_the_archive_reach_who_was_away_and_stand_in_the_log(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("Cheap watches!")
    theirs = bob.message("Cheap watches!")
    theirs.hover()
    bob.page.locator(".toolbar [data-action=open-menu]").click()
    delete = bob.page.locator("#message-menu [data-action=delete]")
    expect(delete).to_be_hidden()
    bob.page.keyboard.press("Escape")
    bob.cut()
    alice.page.goto(f"{room.path}settings/")
    alice.page.get_by_label("Role of Bob", exact=True).select_option("moderator")
    alice.page.get_by_label("Set the role of Bob").click()
    expect(alice.page.get_by_text("Role set.")).to_be_visible()
    bob.mend()
    expect(bob.page.locator("#main[data-role=moderator]")).to_be_visible()
    bob.act(theirs, "delete")
    bob.page.get_by_role("button", name="Delete").click()
    expect(bob.page.locator(".message--deleted")).to_have_count(1)

    bob.composer.fill("half a sentence")
    bob.cut()
    alice.page.get_by_role("button", name="Archive the room").click()
    expect(alice.page.get_by_text("The room is archived.")).to_be_visible()
    bob.mend()
    expect(bob.page.get_by_text("This room is archived.")).to_be_visible()
    expect(bob.composer).to_have_count(0)
    alice.page.get_by_role("button", name="Bring the room back").click()
    expect(alice.page.get_by_text("The room is back.")).to_be_visible()
    expect(bob.composer).to_have_value("half a sentence")

    bob.page.goto(f"{room.path}log/")
    log = bob.page.locator("#main")
    for act in ("changed a role", "deleted somebody's message", "archived the room", "brought the room back"):
        expect(log.get_by_text(act)).to_be_visible()

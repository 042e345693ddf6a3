"""Two people talk: what one writes the other reads, with everything that can be done to it."""

from playwright.sync_api import expect

from tests.browser.people import House


def test_words_of_one_are_read_by_the_other(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("Morning, **all**")
    bob.say("Morning!")
    for screen in (alice, bob):
        screen.shows("Morning, all", "Morning!")
        expect(screen.message("Morning, all").locator("strong")).to_have_text("all")
    expect(alice.composer).to_be_focused()
    expect(alice.composer).to_have_value("")


def test_lines_of_one_author_join_and_times_are_the_readers(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.say("one")
    alice.say("two")
    alice.shows("one", "two")
    expect(alice.messages.nth(0).locator("time")).to_be_visible()
    assert "message--joined" not in (alice.messages.nth(0).get_attribute("class") or "")
    assert "message--joined" in (alice.messages.nth(1).get_attribute("class") or "")
    alice.page.reload()
    alice.connected().shows("one", "two")
    assert "message--joined" in (alice.messages.nth(1).get_attribute("class") or "")


def test_shift_enter_breaks_the_line_and_enter_sends(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.composer.press_sequentially("first")
    alice.composer.press("Shift+Enter")
    alice.composer.press_sequentially("second")
    expect(alice.messages).to_have_count(0)
    alice.composer.press("Enter")
    expect(alice.messages).to_have_count(1)
    alice.shows("first\nsecond")
    assert house.stored(room) == ["first\nsecond"]


def test_enter_that_ends_a_composition_sends_nothing(house: House) -> None:
    alice = house.enter("alice", house.room())
    alice.composer.fill("に")
    alice.composer.evaluate(
        """(input) => input.dispatchEvent(
            new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    alice.composer.press("Enter")
    alice.shows("に")


def test_nothing_but_space_is_not_sent_and_too_much_is_told(house: House) -> None:
    alice = house.enter("alice", house.room())
    alice.say("   ")
    expect(alice.page.locator("[data-slot=count]").first).to_be_attached()
    alice.composer.fill("x" * 15_000)
    expect(alice.page.locator(".composer__count")).to_have_text("15,000 / 16,000")
    alice.say("x" * 16_001)
    expect(alice.page.locator(".composer__error")).to_be_visible()
    expect(alice.messages).to_have_count(0)
    alice.composer.fill("short")
    expect(alice.page.locator(".composer__error")).to_be_hidden()


def test_typing_shows_to_others_until_the_message_comes(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.composer.press_sequentially("he")
    line = bob.page.locator("[data-view=typing]")
    expect(line).to_have_text("Alice is typing…")
    alice.composer.press("Enter")
    expect(line).to_have_text("")


def test_an_edit_is_seen_by_all_and_says_so(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("teh word")
    bob.shows("teh word")
    alice.composer.press("ArrowUp")
    editor = alice.page.locator(".message__editor textarea")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("teh word")
    editor.fill("the word")
    editor.press("Enter")
    for screen in (alice, bob):
        screen.shows("the word")
        expect(screen.page.locator(".message__edited")).to_be_visible()
    expect(alice.composer).to_be_focused()


def test_a_message_from_before_the_page_can_be_edited_as_it_was_written(house: House) -> None:
    room = house.room()
    house.post("alice", room, "**bold** words")
    alice = house.enter("alice", room)
    alice.act(alice.message("bold words"), "edit")
    editor = alice.page.locator(".message__editor textarea")
    expect(editor).to_have_value("**bold** words")
    editor.press("Escape")
    expect(editor).to_have_count(0)
    expect(alice.composer).to_be_focused()


def test_a_deleted_message_leaves_only_its_place(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("a secret")
    alice.shows("a secret")
    alice.act(alice.message("a secret"), "delete")
    alice.page.locator("#confirm-delete [value=cancel]").click()
    alice.act(alice.message("a secret"), "delete")
    expect(alice.page.locator("#confirm-delete")).to_contain_text("a secret")
    alice.page.locator("#confirm-delete [value=delete]").click()
    for screen in (alice, bob):
        expect(screen.page.locator(".message--deleted")).to_have_count(1)
        expect(screen.message("a secret")).to_have_count(0)


def test_what_is_not_mine_has_no_edit_and_for_members_no_delete(house: House) -> None:
    room = house.room()
    house.post("alice", room, "hers")
    bob = house.enter("bob", room)
    bob.message("hers").hover()
    expect(bob.page.locator(".toolbar [data-action=reply]")).to_be_visible()
    expect(bob.page.locator(".toolbar [data-action=edit]")).to_be_hidden()
    expect(bob.page.locator(".toolbar [data-action=delete]")).to_be_hidden()


def test_a_reply_quotes_what_it_answers(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("Lunch?")
    bob.shows("Lunch?")
    bob.act(bob.message("Lunch?"), "reply")
    expect(bob.composer).to_be_focused()
    expect(bob.page.locator(".composer__reply")).to_contain_text("Lunch?")
    bob.say("At twelve")
    for screen in (alice, bob):
        screen.shows("Lunch?", "At twelve")
        expect(screen.message("At twelve").locator(".message__reply")).to_have_text("AliceLunch?")
    expect(bob.page.locator(".composer__reply")).to_be_hidden()


def test_hostile_words_stay_words_while_sending_and_after(house: House) -> None:
    alice = house.enter("alice", house.room())
    alice.page.evaluate("window.harmed = false")
    alice.say("<img src=x onerror='window.harmed = true'>")
    alice.shows("<img src=x onerror='window.harmed = true'>")
    assert alice.page.evaluate("window.harmed") is False

"""Two people react to what is said."""

from playwright.sync_api import Locator, expect

from tests.browser.people import House, Screen


def reactions(message: Locator) -> Locator:
    return message.locator(".reaction[data-emoji]")


def quick(message: Locator, number: int) -> None:
    """One of the emoji that the toolbar offers."""
    message.hover()
    message.locator(".toolbar [data-action=quick-react]").nth(number).click()


def pick(screen: Screen, message: Locator, query: str) -> None:
    screen.act(message, "pick-reaction")
    screen.page.locator("#emoji-picker [data-slot=query]").fill(query)
    expect(screen.page.locator(".picker__emoji").first).to_have_attribute("title", f":{query}:")
    screen.page.keyboard.press("Enter")


def test_one_reacts_the_other_joins_with_one_tap_and_sees_who_it_was(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("We did it")
    pick(bob, bob.message("We did it"), "tada")
    theirs = reactions(alice.message("We did it"))
    expect(theirs).to_have_text(["🎉1"])
    theirs.click()
    for screen in (alice, bob):
        expect(reactions(screen.message("We did it"))).to_have_text(["🎉2"])
        expect(reactions(screen.message("We did it"))).to_have_attribute("aria-pressed", "true")
    reactions(bob.message("We did it")).hover()
    expect(bob.page.locator(".tip")).to_have_text("You and Alice reacted with 🎉")
    reactions(bob.message("We did it")).click()
    expect(theirs).to_have_text(["🎉1"])
    alice.page.reload()
    expect(reactions(alice.connected().message("We did it"))).to_have_attribute("aria-pressed", "true")


def test_the_picker_stands_where_its_message_is_acted_on_also_from_the_menu(house: House) -> None:
    room = house.room()
    house.post("bob", room, *(f"line {number}" for number in range(8)))
    alice = house.enter("alice", room)
    picker, message = alice.page.locator("#emoji-picker"), alice.message("line 3")
    alice.act(message, "pick-reaction")
    beside = picker.get_attribute("style")
    assert beside
    alice.page.keyboard.press("Escape")
    message.hover()
    message.locator(".toolbar [data-action=open-menu]").click()
    alice.page.locator("#message-menu [data-action=pick-reaction]").click()
    expect(picker).to_have_attribute("style", beside)


def test_what_was_used_comes_first_and_the_keyboard_does_it_all(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Shall we?")
    alice = house.enter("alice", room)
    pick(alice, alice.message("Shall we?"), "pizza")
    expect(reactions(alice.message("Shall we?"))).to_have_text(["🍕1"])
    house.post("bob", room, "And then?")
    expect(alice.message("And then?")).to_be_visible()
    alice.composer.focus()
    alice.page.keyboard.press("Alt+ArrowUp")
    alice.page.keyboard.press("+")
    expect(alice.page.locator(".picker__emoji").first).to_have_text("🍕")
    alice.page.keyboard.press("ArrowRight")
    alice.page.keyboard.press("ArrowLeft")
    alice.page.keyboard.press("Enter")
    expect(reactions(alice.message("And then?"))).to_have_text(["🍕1"])
    alice.page.keyboard.press("m")
    expect(alice.page.locator("#message-menu")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.page.locator("#message-menu")).to_be_hidden()


def test_a_reaction_without_a_connection_is_taken_back_and_said(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Anybody there?")
    alice = house.enter("alice", room)
    alice.cut()
    quick(alice.message("Anybody there?"), 0)
    expect(alice.page.locator(".toast--error")).to_contain_text("The reaction was not kept")
    expect(reactions(alice.message("Anybody there?"))).to_have_count(0)


def test_reactions_that_came_while_one_was_away_are_there_afterwards(house: House) -> None:
    room = house.room()
    (message,) = house.post("bob", room, "Look at this")
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.cut()
    quick(bob.message("Look at this"), 1)
    expect(reactions(bob.message("Look at this"))).to_have_text(["❤️1"])
    alice.mend()
    expect(reactions(alice.message("Look at this"))).to_have_text(["❤️1"])
    assert house.ask("alice", "GET", f"messages/{message['id']}/")["reactions"][0]["emoji"] == "❤️"


def test_a_finger_that_stays_on_a_message_opens_its_menu(house: House) -> None:
    room = house.room()
    house.post("bob", room, "Hold me")
    context = house.sign_in("alice", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    alice = house.tab(context).open(room.path)
    box = alice.message("Hold me").locator(".message__body").bounding_box()
    assert box is not None
    finger = [{"x": box["x"] + 20, "y": box["y"] + 10}]
    touch = context.new_cdp_session(alice.page)
    menu = alice.page.locator("#message-menu")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    expect(menu).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    menu.locator("[data-action=quick-react]").nth(0).click()
    expect(reactions(alice.message("Hold me"))).to_have_text(["👍1"])
    expect(menu).to_be_hidden()

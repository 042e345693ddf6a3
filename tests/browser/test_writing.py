"""What words look like beyond words: hidden, coloured, long."""

from playwright.sync_api import expect

from tests.browser.people import House, Screen


def test_a_spoiler_opens_for_who_asks_and_is_quoted_nowhere(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.cut()
    alice.say("It was ||the [butler](https://example.org)||!")
    expect(bob.page.get_by_text("It was")).to_have_count(0)
    alice.mend()
    for screen in (alice, bob):
        expect(screen.page.locator(".spoiler")).to_have_attribute("aria-label", "Spoiler, show it")
        expect(screen.page.get_by_text("butler")).to_be_hidden()
    bob.act(bob.message("It was"), "reply")
    expect(bob.page.locator(".composer__reply")).to_contain_text("It was [spoiler]!")
    bob.say("Who?")
    expect(alice.message("Who?").locator(".message__reply")).to_have_text("AliceIt was [spoiler]!")
    bob.page.locator(".spoiler").click()
    expect(bob.page.get_by_role("link", name="butler")).to_be_visible()
    alice.page.locator(".spoiler").press("Enter")
    expect(alice.page.get_by_role("link", name="butler")).to_be_visible()
    alice.page.reload()
    expect(alice.connected().page.get_by_text("butler")).to_be_hidden()
    expect(alice.message("Who?").locator(".message__reply")).to_have_text("AliceIt was [spoiler]!")


def test_code_has_a_name_and_is_copied(house: House) -> None:
    room = house.room()
    house.post("bob", room, "```py\nif x:\n    return 1\n```")
    context = house.sign_in("alice", permissions=["clipboard-read", "clipboard-write"])
    alice = house.tab(context).open(room.path)
    expect(alice.page.locator(".code__language")).to_have_text("Python")
    alice.page.locator(".code").hover()
    alice.page.get_by_role("button", name="Copy the code").click()
    expect(alice.page.locator(".code__copy--done")).to_be_visible()
    assert alice.page.evaluate("navigator.clipboard.readText()") == "if x:\n    return 1"


def test_a_task_is_done_for_all_when_its_author_says_so(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("- [ ] milk")
    expect(bob.page.get_by_role("checkbox")).not_to_be_checked()
    expect(bob.page.get_by_role("checkbox")).to_be_disabled()
    alice.composer.press("ArrowUp")
    bob.cut()
    alice.page.locator(".message__editor textarea").fill("- [x] milk")
    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("checkbox")).to_be_checked()
    bob.mend()
    expect(bob.page.get_by_role("checkbox")).to_be_checked()


def height(screen: Screen) -> int:
    return int(screen.page.locator(".message__body").first.evaluate("(body) => body.offsetHeight"))


def test_a_long_message_shows_its_beginning_until_all_is_asked_for(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("\n".join(f"line {number}" for number in range(60)))
    for screen in (alice, bob):
        expect(screen.page.locator(".message--folded")).to_be_visible()
        assert height(screen) < 600
    bob.page.get_by_role("button", name="Show all").click()
    expect(bob.page.get_by_role("button", name="Show less")).to_be_attached()
    assert height(bob) > 1_000
    bob.page.get_by_role("button", name="Show less").click()
    assert height(bob) < 600
    expect(bob.page.get_by_role("button", name="Show all")).to_be_in_viewport()
    # What is found in the page is scrolled to, inside too.
    bob.page.locator(".message__body").first.evaluate("(body) => { body.scrollTop = 100; }")
    expect(bob.page.get_by_role("button", name="Show less")).to_be_attached()
    bob.page.goto(str(bob.page.locator("[data-slot=permalink]").first.get_attribute("href")))
    bob.connected()
    assert height(bob) > 1_000


def test_an_author_sees_what_they_said_before_and_a_member_does_not(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.say("Lunch at ten")
    bob.shows("Lunch at ten")
    alice.composer.press("ArrowUp")
    alice.page.locator(".message__editor textarea").fill("Lunch at noon")
    alice.cut()
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator(".message__editor")).to_contain_text("Save again when it is back.")
    alice.mend()
    expect(alice.banner).to_be_hidden()
    alice.page.locator(".message__editor textarea").press("Enter")
    alice.page.get_by_role("link", name="(edited)").click()
    history = alice.page.get_by_role("dialog", name="Edit history")
    expect(history.locator("del")).to_have_text("ten")
    expect(history.locator("ins")).to_have_text("noon")
    expect(history.locator(".history__version")).to_have_count(2)
    alice.page.keyboard.press("Escape")
    expect(history).to_be_hidden()
    expect(bob.page.locator(".message__edited")).to_be_visible()
    expect(bob.page.get_by_role("link", name="(edited)")).to_have_count(0)

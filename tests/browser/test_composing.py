"""Writing with comfort: buttons, keys, lists, code, and words that are completed."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.people import House, Screen


def choose(field: Locator, words: str) -> None:
    """Selects these words in the field."""
    field.evaluate(
        """(field, words) => {
            const at = field.value.indexOf(words);
            field.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


def suggestions(person: Screen) -> Locator:
    return person.page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_buttons_and_keys_format_and_undo_takes_it_back(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.composer.press_sequentially("a bold word")
    choose(alice.composer, "bold")
    alice.page.get_by_role("button", name="Bold").click()
    expect(alice.composer).to_have_value("a **bold** word")
    expect(alice.composer).to_be_focused()
    alice.composer.press("Control+i")
    expect(alice.composer).to_have_value("a **_bold_** word")
    alice.composer.press("Control+z")
    alice.composer.press("Control+z")
    expect(alice.composer).to_have_value("a bold word")
    choose(alice.composer, "bold")
    alice.composer.press("Control+b")
    alice.composer.press("Control+b")
    expect(alice.composer).to_have_value("a bold word")
    alice.composer.press("Control+e")
    alice.composer.press("Enter")
    expect(bob.page.locator(".message__body code")).to_have_text("bold")


def test_lists_go_on_and_end(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.page.get_by_role("button", name="Task list").click()
    alice.composer.press_sequentially("milk")
    alice.composer.press("Shift+Enter")
    alice.composer.press_sequentially("bread")
    alice.composer.press("Shift+Enter")
    expect(alice.composer).to_have_value("- [ ] milk\n- [ ] bread\n- [ ] ")
    alice.composer.press("Shift+Enter")
    expect(alice.composer).to_have_value("- [ ] milk\n- [ ] bread\n")
    alice.composer.press("Enter")
    expect(bob.page.get_by_role("checkbox")).to_have_count(2)


def test_in_code_enter_is_a_line_and_tab_an_indent(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.composer.press_sequentially("```py")
    for key in ("Enter", "Tab", "x", "Enter", "`", "`", "`", "Enter"):
        alice.composer.press(key)
    expect(alice.page.locator(".message__body pre")).to_have_text("  x")
    assert house.stored(room) == ["```py\n  x\n```"]
    alice.composer.press("Tab")
    expect(alice.composer).not_to_be_focused()


def test_emoji_are_completed_by_the_keyboard(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.composer.press_sequentially("Yes :smil")
    options = suggestions(alice)
    expect(options.first).to_be_visible()
    expect(alice.composer).to_have_attribute("aria-expanded", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    alice.composer.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    second = str(options.nth(1).get_attribute("id"))
    expect(alice.composer).to_have_attribute("aria-activedescendant", second)
    emoji = options.nth(1).locator("[data-slot=icon]").inner_text()
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value(f"Yes {emoji} ")
    alice.composer.press_sequentially(":cake")
    options.first.click()
    expect(alice.composer).to_be_focused()
    expect(alice.composer).to_have_value(f"Yes {emoji} 🍰 ")
    alice.composer.press_sequentially("and :tada")
    expect(options.first).to_be_visible()
    alice.composer.press("Escape")
    expect(options).to_have_count(0)
    alice.composer.press_sequentially(": done")
    alice.composer.press("Enter")
    bob.shows(f"Yes {emoji} 🍰 and 🎉 done")


def test_an_edit_has_the_same_comfort(house: House) -> None:
    room = house.room()
    house.post("alice", room, "plain")
    alice = house.enter("alice", room)
    alice.composer.press("ArrowUp")
    editor = alice.page.locator(".message__editor textarea")
    editor.press("End")
    editor.press_sequentially(" :tada")
    expect(suggestions(alice).first).to_be_visible()
    editor.press("Tab")
    expect(editor).to_have_value("plain 🎉 ")
    choose(editor, "plain")
    editor.press("Control+b")
    editor.press("Enter")
    expect(alice.page.locator(".message__body strong")).to_have_text("plain")


@pytest.mark.parametrize(("width", "shown"), [(1280, True), (390, False)])
def test_the_buttons_are_there_where_there_is_room_and_as_one_left_them(house: House, width: int, shown: bool) -> None:
    room = house.room()
    alice = house.tab(house.sign_in("alice", viewport={"width": width, "height": 800})).open(room.path)
    bar = alice.page.get_by_role("toolbar", name="Formatting", include_hidden=True)
    toggle = alice.page.get_by_role("button", name="Formatting", exact=True)
    expect(bar).to_be_visible(visible=shown)
    toggle.click()
    expect(bar).to_be_visible(visible=not shown)
    expect(toggle).to_have_attribute("aria-expanded", str(not shown).lower())
    alice.page.reload()
    expect(bar).to_be_visible(visible=not shown)
    if not shown:
        alice.page.get_by_role("button", name="Bold").focus()
        alice.page.keyboard.press("ArrowRight")
        expect(alice.focused()).to_have_attribute("aria-label", "Italic")

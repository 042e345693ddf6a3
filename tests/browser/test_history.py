"""All of a room's history, from any place in it, without a jump."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import House, Place, Screen
from tests.support.cast import Cast

MESSAGES = 420
MOST_HELD = 420
WATCH_JUMPS = """() => {
    window.jumps = [];
    const timeline = document.querySelector(".timeline");
    const seen = () => {
        const top = timeline.getBoundingClientRect().top;
        const place = (row) => [row.dataset.seq, row.getBoundingClientRect()];
        const rows = [...timeline.querySelectorAll("[data-seq]")].map(place);
        return new Map(rows.filter(([, { bottom, top: from }]) => bottom > top && from < top + timeline.clientHeight)
            .map(([seq, { top: from }]) => [seq, from]));
    };
    let before = seen();
    const tick = () => {
        const now = seen();
        const common = [...now.keys()].find((seq) => before.has(seq));
        const moved = common === undefined ? NaN : now.get(common) - before.get(common);
        if (!(Math.abs(moved) < 500) || moved * window.direction < -1) window.jumps.push(String(moved));
        before = now;
        requestAnimationFrame(tick);
    };
    tick();
}"""


@pytest.fixture(scope="module")
def long_room(browser: Browser, shared_cast: Cast) -> Iterator[Place]:
    house = House(browser, shared_cast)
    place = house.room()
    house.post("bob", place, *(f"message number {n}." + " It wraps." * (n % 40) for n in range(1, MESSAGES + 1)))
    yield place


def scroll_until(screen: Screen, direction: int, done: str) -> None:
    """Turns the wheel in small steps until `done`, a JavaScript expression, holds."""
    box = screen.page.locator(".timeline").bounding_box()
    assert box is not None
    screen.page.mouse.move(box["x"] + 200, box["y"] + 200)
    for _ in range(600):
        if screen.page.evaluate(done):
            return
        screen.page.mouse.wheel(0, 240 * direction)
        screen.page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError(f"never: {done}")


def test_scrolling_back_reaches_the_first_message_without_a_jump_and_holds_little(
    house: House, long_room: Place
) -> None:
    alice = house.enter("alice", long_room)
    expect(alice.message(f"message number {MESSAGES}.")).to_be_visible()
    alice.page.evaluate("window.direction = 1")
    alice.page.evaluate(WATCH_JUMPS)
    start = "document.querySelector('.timeline__start').getBoundingClientRect().bottom > 0"
    scroll_until(alice, -1, f"!document.querySelector('.timeline__start').hidden && {start}")
    expect(alice.message("message number 1.")).to_be_visible()
    assert alice.page.evaluate("window.jumps") == []
    assert alice.messages.count() <= MOST_HELD
    alice.page.locator(".pill").click()
    expect(alice.message(f"message number {MESSAGES}.")).to_be_visible()
    expect(alice.page.locator(".pill")).to_be_hidden()


def test_a_permalink_opens_at_its_message_and_history_goes_on_both_ways(house: House, long_room: Place) -> None:
    page = house.ask("bob", "GET", f"rooms/{long_room.id}/messages/?limit=200")
    target = page["results"][50]
    number = MESSAGES - 200 + 51
    alice = house.tab(house.sign_in("alice")).open(f"{long_room.path}{target['id']}/")
    expect(alice.page.locator(".message--target")).to_contain_text(f"message number {number}.")
    expect(alice.page.locator(".message--target")).to_be_in_viewport()
    alice.page.evaluate("window.direction = -1")
    alice.page.evaluate(WATCH_JUMPS)
    scroll_until(alice, 1, f"document.body.innerText.includes('message number {MESSAGES}.')")
    assert alice.page.evaluate("window.jumps") == []
    bodies = alice.page.locator(".message__body").all_inner_texts()
    numbers = [int(body.partition(".")[0].rpartition(" ")[2]) for body in bodies]
    assert numbers == list(range(numbers[0], MESSAGES + 1))


def test_a_link_to_a_message_of_the_same_room_leads_there_without_another_page(house: House) -> None:
    room = house.room()
    first = house.post("bob", room, "the beginning", *(f"line {n}" for n in range(80)))[0]
    alice = house.enter("alice", room)
    alice.page.evaluate("window.same = true")
    alice.say(f"see {house.cast.parley.url}{room.path}{first['id']}/")
    alice.message("see http").locator(".message__body a").click()
    expect(alice.page.locator(".message--target")).to_have_text(re.compile("the beginning"))
    assert alice.page.url.endswith(f"{first['id']}/")
    assert alice.page.evaluate("window.same") is True


def test_going_back_and_reloading_return_to_the_same_place(house: House, long_room: Place) -> None:
    elsewhere = house.room()
    alice = house.enter("alice", long_room)
    scroll_until(alice, -1, "document.querySelectorAll('.message').length > 150")
    place = alice.first_visible()
    alice.room_item(elsewhere.name).click()
    expect(alice.page.locator("main")).to_have_attribute("data-name", elsewhere.name)
    alice.page.go_back()
    expect(alice.page.locator("main")).to_have_attribute("data-name", long_room.name)
    expect(alice.page.locator(f"[data-seq='{place[0]}']")).to_be_in_viewport()
    assert alice.first_visible() == place
    alice.page.reload()
    alice.connected()
    expect(alice.page.locator(f"[data-seq='{place[0]}']")).to_be_in_viewport()
    assert alice.first_visible() == place


def test_new_messages_below_are_counted_and_do_not_move_what_is_read(house: House) -> None:
    room = house.room()
    house.post("bob", room, *(f"line {n}" for n in range(55)))
    alice = house.enter("alice", room)
    scroll_until(alice, 1, "document.querySelector('.pill').hidden")
    expect(alice.room_item(room.name).locator("[data-slot=unread]")).to_be_hidden()
    scroll_until(alice, -1, "document.querySelector('.timeline').scrollTop < 300")
    place = alice.first_visible()
    house.post("bob", room, "news", "more news")
    expect(alice.page.locator(".pill")).to_have_text("2 new")
    assert alice.first_visible() == place
    alice.page.locator(".pill").click()
    expect(alice.message("more news")).to_be_in_viewport()


def test_history_that_cannot_be_loaded_says_so_and_is_tried_again(house: House, long_room: Place) -> None:
    alice = house.enter("alice", long_room)
    alice.page.route("**/messages/?*", lambda route: route.abort())
    scroll_until(alice, -1, "document.querySelector('.timeline__error') !== null")
    before = alice.messages.count()
    alice.page.unroute("**/messages/?*")
    alice.page.locator(".timeline__error [data-action=reload]").click()
    expect(alice.page.locator(".timeline__error")).to_have_count(0)
    expect(alice.messages).not_to_have_count(before)


def test_times_are_the_readers_on_the_very_first_page_and_after(house: House) -> None:
    room = house.room()
    house.post("bob", room, "what time is it?")
    alice = house.tab(house.sign_in("alice", timezone_id="Asia/Kathmandu")).open(room.path)
    here = "new Date(document.querySelector('.message').dataset.at)"
    clock = alice.page.evaluate(f"{here}.toLocaleTimeString('en-GB', {{ hour: '2-digit', minute: '2-digit' }})")
    day = alice.page.evaluate(f"{here}.toLocaleDateString('sv-SE')")
    for _ in range(2):
        expect(alice.messages.locator("time")).to_have_text(clock)
        expect(alice.page.locator(".day")).to_have_attribute("data-day", day)
        alice.page.reload()
        alice.connected()

"""The promise as people see it: the server dies in the middle of posts, and nothing is lost or doubled."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.browser.people import House
from tests.support.cast import assemble
from tests.support.server import Parley

ROUNDS = 3
EACH = 6
LONGEST_WAIT_MS = 60_000


def test_two_browsers_end_with_the_same_talk_each_message_once(
    browser: Browser, start_parley: Callable[..., Parley]
) -> None:
    parley = start_parley(POSTS_PER_10S="100000")
    house = House(browser, assemble(parley, kind="open"))
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    said: dict[str, list[str]] = {"alice": [], "bob": []}
    for number in range(ROUNDS):
        for line in range(EACH):
            for name, screen in (("alice", alice), ("bob", bob)):
                said[name].append(f"{name} {number}.{line}")
                screen.say(said[name][-1])
            if line == EACH // 2:
                parley.kill()
        parley.start()
    everything = ROUNDS * EACH * 2
    for screen in (alice, bob):
        expect(screen.banner).to_be_hidden(timeout=LONGEST_WAIT_MS)
        expect(screen.page.locator("[data-message]")).to_have_count(everything, timeout=LONGEST_WAIT_MS)
    stored = house.stored(room)
    for name, own in said.items():
        assert [body for body in stored if body.startswith(name)] == own
    for screen in (alice, bob):
        screen.shows(*stored)
    alice.page.reload()
    alice.connected().shows(*stored)
    house.leave()

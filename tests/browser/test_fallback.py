"""Where no socket gets through: the page goes by other ways, and over to a socket when it can."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import House, Screen
from tests.support.barrier import Barrier, barrier
from tests.support.cast import assemble
from tests.support.server import Parley
from tests.support.services import free_port

LONGEST_WAIT_MS = 60_000

Behind = Callable[..., tuple[House, Barrier]]


@pytest.fixture
def behind(browser: Browser, start_parley: Callable[..., Parley], tmp_path: Path) -> Iterator[Behind]:
    """`behind()` is a house whose people reach it through a proxy that lets no socket through."""
    with ExitStack() as stack:

        def build(**how: bool) -> tuple[House, Barrier]:
            port = free_port()
            url = f"http://127.0.0.1:{port}"
            parley = start_parley(TRUSTED_PROXIES="127.0.0.1", TRUSTED_ORIGINS=url, POSTS_PER_10S="100000")
            cast = assemble(parley, rooms=2, kind="open")
            proxy = stack.enter_context(barrier(tmp_path / "nginx", [parley.port], port, **how))
            parley.url = url  # where the people go
            house = House(browser, cast)
            stack.callback(house.leave)
            return house, proxy

        yield build


def goes_by(screen: Screen, way: str) -> None:
    expect(screen.banner).to_have_attribute("data-way", way, timeout=LONGEST_WAIT_MS)
    expect(screen.banner).to_be_hidden(timeout=LONGEST_WAIT_MS)


def test_two_talk_by_streams_are_cut_off_and_go_over_to_sockets(behind: Behind) -> None:
    house, proxy = behind()
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    for screen in (alice, bob):
        goes_by(screen, "stream")
    bob.composer.press_sequentially("nor")
    expect(alice.page.locator("[data-view=typing]")).to_contain_text("Bob")
    alice.say("no socket here")
    bob.shows("no socket here")
    bob.say("nor here")
    alice.shows("no socket here", "nor here")
    proxy.stop()
    for screen in (alice, bob):
        expect(screen.banner).to_be_visible(timeout=LONGEST_WAIT_MS)
    alice.say("while it was cut")
    expect(alice.page.locator(".message--sending")).to_have_count(1)
    proxy.start()
    said = ["no socket here", "nor here", "while it was cut"]
    for screen in (alice, bob):
        expect(screen.messages).to_have_count(3, timeout=LONGEST_WAIT_MS)
        screen.shows(*said)
    proxy.open()
    for screen in (alice, bob):
        screen.page.evaluate("dispatchEvent(new Event('online'))")
        goes_by(screen, "socket")
    alice.say("by a socket")
    bob.say("and back")
    for screen in (alice, bob):
        expect(screen.messages).to_have_count(5)
    assert sorted(house.stored(room)) == sorted([*said, "by a socket", "and back"])
    alice.shows(*house.stored(room))
    bob.shows(*house.stored(room))


def test_where_streams_are_held_back_too_it_is_a_poll(behind: Behind) -> None:
    house, _ = behind(hold_back=True)
    room = house.room()
    alice = house.tab(house.sign_in("alice"))
    alice.page.goto(room.path)
    goes_by(alice, "poll")
    house.post("bob", room, "are you there?")
    alice.shows("are you there?")
    alice.say("here I am")
    alice.shows("are you there?", "here I am")
    alice.page.reload()
    goes_by(alice, "poll")  # and does not find out again
    house.post("bob", room, "still?")
    alice.shows("are you there?", "here I am", "still?")

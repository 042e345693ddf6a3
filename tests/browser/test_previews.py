"""Cards under links: they come to everybody in the room, stay where they are, and go by ✕."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import House, Screen
from tests.support.cast import assemble
from tests.support.pictures import picture
from tests.support.server import Parley
from tests.support.zoo import Zoo, article, open_zoo, page

PARTS = """card => [card, ...card.querySelectorAll("*")].map((part) => [
    part.localName, [...part.attributes].map(({ name, value }) => `${name}=${value}`).sort(),
    part.children.length ? "" : part.textContent])"""


@pytest.fixture
def zoo() -> Iterator[Zoo]:
    with open_zoo(
        run=article("The night run", "Twelve of us, along the harbour", "/image", "Harbour News"),
        evil=article("&lt;img src=x onerror=alert(1)&gt;", "&lt;b&gt;bold&lt;/b&gt;"),
        image=page(picture((800, 400)), "image/png"),
    ) as zoo:
        yield zoo


@pytest.fixture
def linked_house(browser: Browser, start_parley: Callable[..., Parley]) -> Iterator[House]:
    """One whose server may fetch from this machine."""
    house = House(browser, assemble(start_parley(PREVIEWS_ALLOW_PRIVATE="on"), rooms=3, kind="open"))
    yield house
    house.leave()


def cards(screen: Screen) -> Locator:
    return screen.page.locator(".preview")


def test_a_card_comes_to_both_and_goes_by_its_author(linked_house: House, zoo: Zoo) -> None:
    room = linked_house.room()
    alice, bob = linked_house.enter("alice", room), linked_house.enter("bob", room)
    alice.cut()
    bob.say(f"Look: {zoo.url('/run#start')}")
    expect(cards(bob)).to_have_count(1)
    alice.mend()
    for screen in (alice, bob):
        expect(cards(screen)).to_have_count(1)
        expect(cards(screen)).to_contain_text("Harbour News")
        link = cards(screen).get_by_role("link", name="The night run")
        expect(link).to_have_attribute("href", zoo.url("/run#start"))
        expect(link).to_have_attribute("target", "_blank")
        expect(link).to_have_attribute("rel", "noopener nofollow ugc")
        image = cards(screen).locator("img")
        expect(image).to_have_attribute("src", re.compile("^/api/v1/previews/"))
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    assert zoo.paths == ["/run", "/image"], "browsers ask this server alone"

    before = cards(alice).evaluate(PARTS)
    alice.page.reload()
    alice.connected()
    expect(cards(alice)).to_have_count(1)
    assert cards(alice).evaluate(PARTS) == before, "server and script write alike"

    bob.page.locator(".message", has=cards(bob)).hover()
    bob.page.locator("[data-action=drop-previews]:visible").click()
    for screen in (alice, bob):
        expect(cards(screen)).to_have_count(0)
        expect(screen.message("Look")).to_be_visible()


def test_who_did_not_write_it_has_no_cross(linked_house: House, zoo: Zoo) -> None:
    room = linked_house.room()
    alice, bob = linked_house.enter("alice", room), linked_house.enter("bob", room)
    alice.say(zoo.url("/run"))
    expect(cards(bob)).to_have_count(1)
    expect(bob.page.locator(".previews__drop")).to_be_hidden()
    expect(alice.page.locator(".previews__drop")).to_be_visible()


def test_a_card_that_comes_moves_nothing_that_is_read(linked_house: House, zoo: Zoo) -> None:
    room = linked_house.room()
    linked_house.post("alice", room, *(f"line {number}" for number in range(40)))
    alice, bob = linked_house.enter("alice", room), linked_house.enter("bob", room)
    alice.page.locator(".timeline").evaluate("timeline => timeline.scrollTo(0, 0)")
    expect(alice.page.locator("[data-view=pill]")).to_be_visible()
    before = alice.first_visible()
    bob.say(zoo.url("/run"))
    for screen in (alice, bob):
        expect(cards(screen)).to_have_count(1)
    assert alice.first_visible() == before
    expect(cards(bob)).to_be_in_viewport(ratio=1)
    expect(bob.page.locator("[data-view=pill]")).to_be_hidden()


def test_markup_in_a_title_is_text_and_a_link_to_an_image_is_the_image(linked_house: House, zoo: Zoo) -> None:
    room = linked_house.room()
    alice = linked_house.enter("alice", room)
    alice.say(f"{zoo.url('/evil')} {zoo.url('/image')}")
    expect(cards(alice)).to_have_count(2)
    expect(cards(alice).first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(cards(alice).first).to_contain_text("<b>bold</b>")
    image = alice.page.locator(".preview--image img")
    expect(image).to_be_visible()
    assert image.evaluate("image => [image.width, image.height]") == [300, 150]
    alice.page.reload()
    alice.connected()
    expect(cards(alice).first).to_contain_text("<img src=x onerror=alert(1)>")
    assert alice.page.locator(".preview--image img").evaluate("image => [image.width, image.height]") == [300, 150]

"""Parley without its server, on a device that has read there before: the rooms read last, and the outbox."""

from playwright.sync_api import Page, expect

from tests.browser.people import House, Place, Screen

KEPT = """async ([path, text]) => {
    if (navigator.serviceWorker.controller?.state !== "activated") return false;
    const kept = (url, cacheName) => caches.match(url, { cacheName });
    const page = await kept(path, "parley-pages");
    if (page === undefined || !(await page.text()).includes(text)) return false;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const scripts = loaded.filter((name) => name.endsWith(".js") && name.includes("/static/"));
    const files = await Promise.all(scripts.map((name) => kept(name, "parley-files")));
    return !files.includes(undefined) && (await kept("/shell", "parley-pages")) !== undefined;
}"""


def keeps(page: Page, place: Place, text: str) -> None:
    """Waits until the device has this room, with these words in it, and all that it needs to show it."""
    page.wait_for_function(f"async (args) => await ({KEPT})(args)", arg=[place.path, text])


def test_rooms_read_last_open_without_a_server_and_what_is_said_there_is_sent_later(own_house: House) -> None:
    house = own_house
    room, hall = house.room(), house.room()
    house.post("alice", room, "said in the room")
    house.post("alice", hall, "said in the hall")
    bob = house.enter("bob", room)
    keeps(bob.page, room, "said in the room")
    bob.room_item(hall.name).click()
    expect(bob.message("said in the hall")).to_be_visible()
    keeps(bob.page, hall, "said in the hall")

    house.cast.parley.kill()
    bob.page.reload()
    expect(bob.message("said in the hall")).to_be_visible()
    bob.say("written in a tunnel")
    expect(bob.message("written in a tunnel")).to_be_visible()
    bob.room_item(room.name).click()
    expect(bob.message("said in the room")).to_be_visible()
    bob.page.goto("/")
    expect(bob.page.locator(".message").first).to_be_visible()
    bob.page.goto("/rooms/never-read/")
    expect(bob.page.get_by_role("heading", name="No connection")).to_be_visible()
    bob.page.get_by_role("link", name=hall.name).click()
    expect(bob.message("written in a tunnel")).to_be_visible()

    house.cast.parley.start()
    house.post("alice", hall, "said meanwhile")
    expect(bob.message("said meanwhile")).to_be_visible()
    expect(bob.page.locator("main[data-kept]")).to_have_count(0)
    expect(bob.page.locator(".message--sending, .message--failed")).to_have_count(0)
    assert sorted(house.stored(hall)) == sorted(["said in the hall", "written in a tunnel", "said meanwhile"])


def test_what_came_since_the_page_did_is_kept_when_one_looks_away(own_house: House) -> None:
    room = own_house.room()
    bob = own_house.enter("bob", room)
    own_house.post("alice", room, "said since then")
    expect(bob.message("said since then")).to_be_visible()
    bob.page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { get: () => true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    keeps(bob.page, room, "said since then")
    own_house.cast.parley.kill()
    bob.page.reload()
    expect(bob.message("said since then")).to_be_visible()


def test_nothing_is_kept_for_whoever_comes_after_one_has_signed_out(own_house: House) -> None:
    room = own_house.room()
    own_house.post("alice", room, "for Bob's eyes")
    bob: Screen = own_house.enter("bob", room)
    keeps(bob.page, room, "for Bob&#x27;s eyes")
    bob.page.get_by_role("button", name="Sign out").click()
    expect(bob.page.get_by_role("heading", name="Sign in")).to_be_visible()
    own_house.cast.parley.kill()
    bob.page.goto(room.path)
    expect(bob.page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(bob.page.locator(".row")).to_have_count(0)

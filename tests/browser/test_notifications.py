"""What concerns somebody reaches them, once, wherever they look."""

from playwright.sync_api import Locator, expect

from tests.browser.people import House, Place, Screen


def badge(screen: Screen) -> Locator:
    return screen.page.locator(".sidebar [data-slot=notifications] [data-slot=waiting]")


def rooms(house: House, number: int) -> list[Place]:
    """Rooms of which Bob has heard that he is in them."""
    made = [house.room() for _ in range(number)]
    house.ask("bob", "POST", "notifications/read/", {})
    return made


def test_a_mention_is_counted_listed_and_read_on_all_devices(house: House) -> None:
    room, hall = rooms(house, 2)
    alice, bob, other = house.enter("alice", room), house.enter("bob", hall), house.enter("bob", hall)
    bob.page.get_by_role("link", name="Notifications").click()
    expect(bob.page.get_by_role("heading", name="Notifications")).to_be_visible()
    for device in (bob, other):
        expect(badge(device)).to_be_hidden()
    other.cut()
    alice.say("hello @bob, and welcome")
    expect(badge(bob)).to_have_text("1")
    line = bob.page.locator(".notifications .row").first
    expect(line).to_contain_text("mentioned you")
    expect(line).to_contain_text("hello @bob, and welcome")
    other.mend()
    expect(badge(other)).to_have_text("1")
    line.locator("a").click()
    expect(bob.message("hello @bob, and welcome")).to_be_visible()
    for device in (bob, other):
        expect(badge(device)).to_be_hidden()


def test_what_is_said_while_one_looks_is_not_news(house: House) -> None:
    (room,) = rooms(house, 1)
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    bob.page.bring_to_front()
    alice.say("@bob, look")
    expect(bob.message("@bob, look")).to_be_visible()
    expect(badge(bob)).to_be_hidden()
    bob.page.goto("/notifications/?show=unread")
    expect(bob.page.locator(".empty__title")).to_have_text("Nothing here")


def test_a_room_is_muted_from_its_menu(house: House) -> None:
    room, hall = rooms(house, 2)
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    bob.page.get_by_label("More about this room").click()
    bob.page.get_by_label("Notify me of").select_option("nothing")
    bob.page.get_by_role("button", name="Set", exact=True).click()
    expect(bob.page.locator(".toast")).to_contain_text("Saved")
    bob.open(hall.path)
    alice.say("@bob, are you there?")
    expect(bob.room_item(room.name).locator("[data-slot=mentions]")).to_have_text("@1")
    expect(badge(bob)).to_be_hidden()


def test_the_browser_shows_what_comes_while_one_looks_elsewhere(house: House) -> None:
    room, hall = rooms(house, 2)
    context = house.sign_in("bob")
    context.grant_permissions(["notifications"])
    context.add_init_script(
        """
        window.Notification = class extends EventTarget {
            static permission = "granted";
            constructor(title, { body }) {
                super();
                window.last = this;
                this.tell("shown", `${title}: ${body}`);
            }
            close() { this.tell("closed", "yes"); }
            tell(what, said) { document.documentElement.dataset[what] = said; }
        };
        Document.prototype.hasFocus = () => false;
        """
    )
    bob = house.tab(context).open(hall.path)
    house.post("alice", room, "@bob, lunch?")
    page = bob.page.locator("html")
    expect(page).to_have_attribute("data-shown", f"Alice mentioned you in {room.name}: @bob, lunch?")
    house.ask("bob", "POST", "notifications/read/", {})
    expect(page).to_have_attribute("data-closed", "yes")
    house.post("alice", room, "@bob, now?")
    expect(page).to_have_attribute("data-shown", f"Alice mentioned you in {room.name}: @bob, now?")
    bob.page.evaluate("() => window.last.dispatchEvent(new Event('click'))")
    expect(bob.message("@bob, now?")).to_be_visible()

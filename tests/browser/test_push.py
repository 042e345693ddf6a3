"""What a service worker does with what is pushed. The way there is shown in tests/pushing: no push service is here."""

import json
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import House, Place


def registration(page: Page) -> tuple[Any, str]:
    """The DevTools' name of the service worker, once it runs."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []

    def told(event: dict[str, Any]) -> None:
        found.extend(each["registrationId"] for each in event["registrations"] if not each["isDeleted"])

    session.on("ServiceWorker.workerRegistrationUpdated", told)
    session.send("ServiceWorker.enable")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    while not found:
        page.wait_for_timeout(50)
    return session, found[-1]


def push(page: Page, house: House, **said: str) -> None:
    session, name = registration(page)
    message = {"origin": house.cast.parley.url, "registrationId": name, "data": json.dumps(said)}
    session.send("ServiceWorker.deliverPushMessage", message)


def phone(house: House) -> BrowserContext:
    context = house.sign_in("bob")
    context.grant_permissions(["notifications"])
    return context


SHOWN = """async () => {
    const { getNotifications } = ServiceWorkerRegistration.prototype;
    const shown = await getNotifications.call(await navigator.serviceWorker.ready);
    return shown.map(({ title, body, tag, icon }) => ({ title, body, tag, icon: new URL(icon).pathname }));
}"""
CLICK = """async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


def said(room: Place, tag: str, text: str) -> dict[str, str]:
    return {"title": f"Alice mentioned you in {room.name}", "text": text, "url": room.path, "tag": tag}


def test_what_is_pushed_is_shown_once_and_a_click_leads_there(whole_house: House) -> None:
    house = whole_house
    room, hall = house.room(), house.room()
    context = phone(house)
    bob = house.tab(context).open(hall.path)
    push(bob.page, house, **said(room, "7", "lunch?"))
    push(bob.page, house, **said(room, "7", "lunch?"))
    bob.page.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    (shown,) = bob.page.evaluate(SHOWN)
    assert (shown["title"], shown["body"], shown["tag"]) == (f"Alice mentioned you in {room.name}", "lunch?", "7")
    assert bob.page.request.get(shown["icon"]).ok
    context.service_workers[0].evaluate(CLICK)
    expect(bob.page.get_by_role("heading", name=room.name, level=1)).to_be_visible()
    assert bob.page.evaluate(SHOWN) == []


def test_what_is_read_elsewhere_goes(whole_house: House) -> None:
    house = whole_house
    room, hall = house.room(), house.room()
    house.ask("bob", "POST", "notifications/read/", {})
    bob = house.tab(phone(house)).open(hall.path)
    house.post("alice", room, "@bob, here")
    (made,) = house.ask("bob", "GET", "notifications/?unread=true")["results"]
    push(bob.page, house, **said(room, made["id"], "@bob, here"))
    bob.page.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    house.ask("bob", "POST", "notifications/read/", {"notifications": [made["id"]]})
    bob.page.wait_for_function(f"async () => (await ({SHOWN})()).length === 0")


def test_without_a_push_service_one_is_told_so(whole_house: House) -> None:
    house = whole_house
    bob = house.tab(phone(house))
    bob.page.goto("/profile/notifications/")
    bob.page.get_by_role("button", name="Turn on notifications here").click()
    expect(bob.page.locator(".toast")).to_contain_text("It was not turned on.")
    assert house.ask("bob", "GET", "push/devices/")["results"] == []

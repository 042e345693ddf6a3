"""People at their browsers: what they see, and what they do."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.cast import Cast

PATIENCE_MS = 20_000
# What a browser itself writes when a server is away or a request is refused; no page can keep it from that.
UNAVOIDABLE = re.compile(r"net::ERR_|WebSocket connection to|status of 4\d\d|Push API in incognito")

MENU = ("copy-link", "mark-unread", "report", "delete", "pin", "unpin", "keep", "unkeep", "forward")
"""What is found behind the toolbar's last button."""

CUTTABLE = """
const open = new Set();
window.WebSocket = class extends WebSocket {
    constructor(...parts) {
        super(...parts);
        open.add(this);
        this.addEventListener("close", () => open.delete(this));
    }
};
window.cutSockets = () => open.forEach((socket) => {
    socket.close();
    socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
});
"""
"""For pages whose network is taken away: offline, the sockets of a browser only stall, and go on after a short cut."""

expect.set_options(timeout=PATIENCE_MS)


class Screen:
    """One tab with a room in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not UNAVOIDABLE.search(text):
            self.complaints.append(text)

    def open(self, path: str) -> Screen:
        """Returns when the room is there and its connection too."""
        self.page.goto(path)
        return self.connected()

    def connected(self) -> Screen:
        expect(self.page.locator(".timeline--ready")).to_be_visible()
        expect(self.page.locator("[data-presence].presence--online").first).to_be_attached()
        expect(self.banner).to_be_hidden()
        return self

    @property
    def banner(self) -> Locator:
        return self.page.locator("[data-view=connection]")

    def cut(self) -> None:
        """Takes its network away, and the socket with it."""
        self.page.context.set_offline(True)
        self.page.evaluate("cutSockets()")
        expect(self.banner).to_be_visible()

    def mend(self) -> None:
        self.page.context.set_offline(False)

    @property
    def composer(self) -> Locator:
        return self.page.locator("#composer-input")

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message")

    def message(self, text: str) -> Locator:
        return self.page.locator(".message", has_text=text)

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def shows(self, *bodies: str) -> None:
        """Exactly these messages, in this order, all of them arrived."""
        expect(self.page.locator(".message__body")).to_have_text(list(bodies))
        expect(self.page.locator(".message--sending, .message--failed")).to_have_count(0)

    def act(self, message: Locator, action: str) -> None:
        """A button of the toolbar that comes with the pointer, or of the menu behind it."""
        message.hover()
        button = message.locator(f".toolbar [data-action={action}]")
        if action in MENU:
            message.locator(".toolbar [data-action=open-menu]").click()
            button = self.page.locator(f"#message-menu [data-action={action}]")
        button.click()

    def room_item(self, name: str) -> Locator:
        exactly = self.page.get_by_text(name, exact=True)
        return self.page.locator(".room-item", has=exactly)

    def first_visible(self) -> tuple[str, int]:
        """The number of the first message in sight, and its distance from the top."""
        seq, offset = self.page.evaluate(
            """() => {
                const timeline = document.querySelector(".timeline");
                const top = timeline.getBoundingClientRect().top;
                const seen = [...timeline.querySelectorAll(".message")]
                    .find((message) => message.getBoundingClientRect().bottom > top);
                return [seen.dataset.seq, Math.round(seen.getBoundingClientRect().top - top)];
            }"""
        )
        return str(seq), int(offset)

    def focused(self) -> Locator:
        return self.page.locator(":focus")


@dataclass(frozen=True)
class Place:
    """A room."""

    id: str
    name: str
    path: str


@dataclass
class Cloakroom:
    """Browsers of people that are between two tests: all that is left in them are the scripts and styles of the site,
    which take longer to read than a page takes to be shown."""

    idle: dict[str, list[BrowserContext]] = field(default_factory=dict)

    def take(self, name: str) -> BrowserContext | None:
        kept = self.idle.get(name)
        return kept.pop() if kept else None

    def leave(self, name: str, context: BrowserContext, url: str) -> None:
        """Without pages, and without anything that somebody did there."""
        context.set_offline(False)
        for page in context.pages[1:]:
            page.close()
        (page,) = context.pages or [context.new_page()]
        page.goto("about:blank")
        stored = "cookies,local_storage,indexeddb,service_workers,cache_storage"
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": stored})
        page.close()
        context.clear_cookies()
        context.clear_permissions()
        self.idle.setdefault(name, []).append(context)


@dataclass
class House:
    """A Parley with its cast, and the browsers that came to it."""

    browser: Browser
    cast: Cast
    cloakroom: Cloakroom | None = None
    contexts: list[BrowserContext] = field(default_factory=list)
    usual: list[tuple[str, BrowserContext]] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)

    def room(self) -> Place:
        """A room that no other test has used."""
        found = self.ask("alice", "GET", f"rooms/{self.cast.room()}/")
        return Place(found["id"], found["name"], f"/rooms/{found['slug']}/")

    def ask(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """REST, as `name`."""
        headers = {"Authorization": f"Bearer {self.cast.tokens[name]}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.cast.parley.url}/api/v1/{path}", data, headers, method=method)
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or "null")

    def post(self, name: str, place: Place, *bodies: str) -> list[Any]:
        """Messages from elsewhere."""
        path = f"rooms/{place.id}/messages/"
        return [self.ask(name, "POST", path, {"id": str(uuid.uuid4()), "body": body}) for body in bodies]

    def stored(self, place: Place) -> list[str]:
        """What the server holds of a room, oldest first."""
        return [
            message["body"] for message in self.ask("alice", "GET", f"rooms/{place.id}/messages/?limit=200")["results"]
        ]

    def arrive(self, **options: Any) -> BrowserContext:
        """A browser of its own, in which nobody is signed in."""
        context = self._new_context(**options)
        self.contexts.append(context)
        return context

    def sign_in(self, name: str, **options: Any) -> BrowserContext:
        """A browser of its own, in which `name` is signed in."""
        return self._signed_in(self.arrive(**options), name)

    def _new_context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.cast.parley.url, **options)
        context.add_init_script(f"{{{CUTTABLE}}}")
        return context

    def _signed_in(self, context: BrowserContext, name: str) -> BrowserContext:
        cookie = {"name": "sessionid", "value": self.cast.sessions[name], "url": self.cast.parley.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context

    def tab(self, context: BrowserContext) -> Screen:
        screen = Screen(context.new_page())
        self.screens.append(screen)
        return screen

    def enter(self, name: str, place: Place) -> Screen:
        """In a browser of its own, but perhaps not a new one."""
        if self.cloakroom is None:
            return self.tab(self.sign_in(name)).open(place.path)
        context = self.cloakroom.take(name) or self._new_context()
        self.usual.append((name, context))
        return self.tab(self._signed_in(context, name)).open(place.path)

    def leave(self) -> None:
        complaints = [line for screen in self.screens for line in screen.complaints]
        for context in self.contexts:
            context.close()
        for name, context in self.usual:
            if self.cloakroom is not None:
                self.cloakroom.leave(name, context, self.cast.parley.url)
        assert complaints == []

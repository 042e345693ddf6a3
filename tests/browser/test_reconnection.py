"""Whatever breaks in between: what was written arrives once, in order, and the page tells how things stand."""

import json
import re

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.people import House

LONGEST_WAIT_MS = 40_000
MUTE = "window.WebSocket = class extends EventTarget { readyState = 0; send() {} close() {} };"
"""A script by which no socket of the page ever opens."""


def test_a_killed_server_is_told_with_a_countdown_and_what_was_written_meanwhile_arrives_once(own_house: House) -> None:
    room = own_house.room()
    alice, bob = own_house.enter("alice", room), own_house.enter("bob", room)
    alice.say("before")
    bob.shows("before")
    own_house.cast.parley.kill()
    for screen in (alice, bob):
        expect(screen.banner).to_be_visible()
        expect(screen.banner).to_have_class(re.compile("banner--reconnecting"))
    expect(alice.banner.locator("[data-slot=countdown]")).to_have_text(re.compile(r"Trying again in \d+ s\."))
    for text in ("one", "two", "three"):
        alice.say(text)
    bob.say("four")
    expect(alice.page.locator(".message--sending")).to_have_count(3)
    own_house.cast.parley.start()
    for screen in (alice, bob):
        expect(screen.banner).to_be_hidden(timeout=LONGEST_WAIT_MS)
        expect(screen.messages).to_have_count(5)
    stored = own_house.stored(room)
    assert sorted(stored) == sorted(["before", "one", "two", "three", "four"])
    assert [body for body in stored if body != "four"] == ["before", "one", "two", "three"]
    for screen in (alice, bob):
        screen.shows(*stored)


def test_a_restart_is_told_and_need_not_be_waited_for(house: House) -> None:
    alice = house.tab(house.sign_in("alice"))
    opened: list[WebSocketRoute] = []

    def relay(socket: WebSocketRoute) -> None:
        opened.append(socket)
        socket.connect_to_server()

    alice.page.route_web_socket("**/ws/", relay)
    alice.open(house.room().path)
    opened[0].send(json.dumps({"op": "bye", "code": "restart", "retry_ms": [600_000, 600_000]}))
    opened[0].close(code=1012)
    expect(alice.banner).to_have_class(re.compile("banner--restarting"))
    expect(alice.banner.locator("[data-slot=countdown]")).to_have_text(re.compile(r"Trying again in (600|59\d) s\."))
    alice.banner.locator("[data-action=try-now]").click()
    expect(alice.banner).to_be_hidden()
    assert len(opened) == 2


def test_going_offline_shows_at_once_and_coming_back_sends(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.cut()
    expect(alice.banner).to_have_class(re.compile("banner--offline"))
    alice.say("written under ground")
    expect(alice.page.locator(".message--sending")).to_have_count(1)
    alice.mend()
    expect(alice.banner).to_be_hidden()
    bob.shows("written under ground")
    alice.shows("written under ground")


def test_a_form_that_cannot_be_sent_stays_as_it_is_and_says_why(house: House) -> None:
    room = house.room()
    alice = house.tab(house.sign_in("alice"))
    alice.page.goto(f"{room.path}settings/")
    main = alice.page.get_by_role("main")
    topic, save = main.get_by_label("Topic"), main.get_by_role("button", name="Save")
    topic.fill("typed in a tunnel")
    alice.page.context.set_offline(True)
    save.click()
    expect(alice.page.locator(".toast--error")).to_have_text("It was not sent. There is no connection just now.")
    expect(topic).to_have_value("typed in a tunnel")
    alice.mend()
    save.click()
    expect(main.get_by_text("Saved.")).to_be_visible()
    assert house.ask("alice", "GET", f"rooms/{room.id}/")["topic"] == "typed in a tunnel"


def test_what_was_not_sent_survives_a_reload_and_a_failed_load(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.page.route_web_socket("**/ws/", lambda socket: socket.close(code=1013))
    alice.page.reload()
    expect(alice.page.locator(".timeline--ready")).to_be_visible()
    alice.say("kept")
    alice.say("kept, too")
    expect(alice.page.locator(".message--sending")).to_have_count(2)
    alice.page.reload()
    expect(alice.page.locator(".message--sending")).to_have_count(2)
    assert house.stored(room) == []
    other = house.tab(alice.page.context).open(room.path)
    other.shows("kept", "kept, too")
    alice.page.close()
    assert house.stored(room) == ["kept", "kept, too"]


def test_a_lost_acknowledgement_neither_loses_nor_doubles(house: House) -> None:
    room = house.room()
    context = house.sign_in("alice")
    alice = house.tab(context)
    lost: list[str | bytes] = []

    def lose_the_first_answer(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        first = not lost

        def from_server(text: str | bytes) -> None:
            frame = json.loads(text)
            about_the_post = (frame["op"] == "ok" and "message" in frame) or frame.get("type") == "message.posted"
            if first and (about_the_post or lost):
                lost.append(text)
                socket.close(code=1011)
            else:
                socket.send(text)

        server.on_message(from_server)

    alice.page.route_web_socket("**/ws/", lose_the_first_answer)
    alice.open(room.path)
    alice.say("once")
    expect(alice.page.locator("[data-message]")).to_have_count(1)
    alice.shows("once")
    assert lost
    assert house.stored(room) == ["once"]


def test_a_half_open_connection_is_noticed_and_replaced(house: House) -> None:
    room = house.room()
    context = house.sign_in("alice")
    alice = house.tab(context)
    alice.page.clock.install()
    opened = []

    def fall_silent(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        opened.append(socket)
        number = len(opened)
        silent: list[bool] = []

        def from_server(text: str | bytes) -> None:
            if number > 1 or not silent:
                socket.send(text)
            if json.loads(text)["op"] == "ready":
                silent.append(True)

        server.on_message(from_server)

    alice.page.route_web_socket("**/ws/", fall_silent)
    alice.open(room.path)
    house.post("bob", room, "can you hear me?")
    alice.page.clock.fast_forward(16_000)
    alice.page.clock.fast_forward(9_000)
    alice.page.clock.fast_forward(9_000)
    alice.page.clock.resume()
    alice.shows("can you hear me?")
    assert len(opened) == 2


def test_two_tabs_show_the_same_and_send_it_once(house: House) -> None:
    room = house.room()
    context = house.sign_in("alice")
    posts: list[str | bytes] = []
    here, there = house.tab(context), house.tab(context)
    for tab in (here, there):
        tab.page.on("websocket", lambda socket: socket.on("framesent", lambda text: posts.append(text)))
        tab.open(room.path)
    for tab in (here, there):
        tab.cut()
    here.say("one")
    there.say("two")
    for tab in (here, there):
        expect(tab.page.locator(".message--sending")).to_have_count(2)
    context.set_offline(False)
    for tab in (here, there):
        expect(tab.banner).to_be_hidden()
        expect(tab.page.locator("[data-message]")).to_have_count(2)
    assert sorted(house.stored(room)) == ["one", "two"]
    sent = [frame["body"] for frame in map(json.loads, posts) if frame["op"] == "post"]
    assert sorted(sent) == ["one", "two"]


def test_a_refused_message_fails_with_the_choice_to_retry_or_discard(house: House) -> None:
    room = house.room()
    bob = house.enter("bob", room)
    bob.cut()
    bob.say("too late")
    bob.say("too late as well")
    house.ask("alice", "PATCH", f"rooms/{room.id}/", {"archived": True})
    bob.mend()
    failed = bob.page.locator(".message--failed")
    expect(failed).to_have_count(2)
    failed.first.locator("[data-action=discard]").click()
    expect(failed).to_have_count(1)
    house.ask("alice", "PATCH", f"rooms/{room.id}/", {"archived": False})
    expect(bob.composer).to_be_visible()
    bob.page.locator(".message--failed [data-action=retry]").click()
    bob.shows("too late as well")


def test_signing_out_elsewhere_stops_and_leads_to_sign_in(house: House) -> None:
    room = house.room()
    mallory_session = house.cast.sessions["mallory"]
    context = house.sign_in("mallory")
    assert mallory_session
    here, there = house.tab(context), house.tab(context)
    for tab in (here, there):
        tab.page.goto(room.path)
        tab.page.get_by_role("button", name="Join the room").or_(tab.page.locator("#composer-input")).first.click()
        expect(tab.page.locator("#composer-input")).to_be_visible()
        tab.connected()
    there.page.get_by_role("button", name="Sign out").click()
    expect(here.banner).to_have_class(re.compile("banner--stopped"))
    expect(here.banner.get_by_role("link", name="Sign in")).to_be_visible()
    there.page.wait_for_url("**/sign-in/")  # closing a browser in the middle of a navigation may hang


def test_another_person_in_the_same_browser_does_not_send_what_is_left(house: House) -> None:
    room = house.room()
    context = house.sign_in("alice")
    alice = house.tab(context)
    alice.page.add_init_script(MUTE)  # not by a route: closing a page with a routed socket in it may hang for ever
    alice.page.goto(room.path)
    expect(alice.page.locator(".timeline--ready")).to_be_visible()
    alice.say("Alice's own words")
    expect(alice.page.locator(".message--sending")).to_have_count(1)
    alice.page.close()
    context.add_cookies([{"name": "sessionid", "value": house.cast.sessions["bob"], "url": house.cast.parley.url}])
    bob = house.tab(context).open(room.path)
    bob.say("Bob's")
    bob.shows("Bob's")
    assert house.stored(room) == ["Bob's"]

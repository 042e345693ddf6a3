"""Files between two people: picked, dropped, pasted, cut in the middle, looked at."""

import re
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests.browser.people import House, Screen
from tests.support import pdfs
from tests.support.pictures import picture


def file(name: str, data: bytes, type: str = "") -> FilePayload:
    return {"name": name, "mimeType": type, "buffer": data}


def pick(screen: Screen, *files: FilePayload) -> None:
    screen.page.set_input_files("[data-slot=picker]", list(files))


def uploads(screen: Screen) -> Any:
    return screen.page.locator(".upload")


def test_several_files_go_as_one_message_and_are_seen_by_the_other(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    pick(
        alice,
        file("beach.png", picture((1600, 900)), "image/png"),
        file("plan.zip", b"PK\x03\x04plan", "application/zip"),
    )
    expect(alice.page.locator(".upload--done")).to_have_count(2)
    alice.say("Look at these")
    expect(uploads(alice)).to_have_count(0)
    for screen in (alice, bob):
        message = screen.message("Look at these")
        image = message.locator("img")
        expect(image).to_have_attribute("src", re.compile("/api/v1/thumbnails/"))
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 720
        assert image.evaluate("image => [image.width, image.height]") == [300, 169]
        expect(message.locator(".attachment--file")).to_contain_text("plan.zip")
    bob.page.reload()
    bob.connected()
    expect(bob.message("Look at these").locator(".attachment")).to_have_count(2)
    with bob.page.expect_download() as download:
        bob.page.locator(".attachment--file").click()
    assert download.value.suggested_filename == "plan.zip"


def test_an_upload_that_the_network_cuts_goes_on_and_is_sent_once(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    alice.page.context.set_offline(True)
    pick(alice, file("notes.txt", b"x" * 300_000, "text/plain"))
    expect(uploads(alice)).to_contain_text("Waiting for the connection")
    alice.say("When it is there")
    expect(alice.page.locator(".composer__error")).to_be_visible()
    alice.mend()
    expect(bob.message("When it is there").locator(".attachment")).to_contain_text("notes.txt")
    expect(alice.page.locator(".message--sending")).to_have_count(0)
    assert house.stored(room) == ["When it is there"]


def test_a_message_with_files_survives_a_reload_without_a_connection(house: House) -> None:
    room = house.room()
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    pick(alice, file("notes.txt", b"words", "text/plain"))
    expect(alice.page.locator(".upload--done")).to_have_count(1)
    alice.cut()
    alice.composer.press("Enter")
    expect(alice.page.locator(".message--sending .attachment")).to_contain_text("notes.txt")
    alice.mend()
    expect(bob.page.locator(".attachment")).to_contain_text("notes.txt")


def test_files_that_wait_are_there_still_when_the_rule_of_the_room_has_changed_meanwhile(house: House) -> None:
    room = house.room()
    user = house.cast.ids["bob"]
    alice, bob = house.enter("alice", room), house.enter("bob", room)
    pick(bob, file("plan.zip", b"PK\x03\x04plan", "application/zip"))
    expect(bob.page.locator(".upload--done")).to_have_count(1)
    bob.cut()
    pick(bob, file("notes.txt", b"x" * 300_000, "text/plain"))
    expect(bob.page.locator(".upload", has_text="notes.txt")).to_contain_text("Waiting for the connection")
    bob.say("Both of them")
    house.ask("alice", "PATCH", f"rooms/{room.id}/", {"slow_seconds": 30})
    bob.mend()
    expect(bob.page.locator(".composer__slow")).to_be_visible()
    expect(alice.message("Both of them").locator(".attachment")).to_have_text(
        [re.compile("plan.zip"), re.compile("notes.txt")]
    )
    expect(uploads(bob)).to_have_count(0)
    pick(bob, file("later.txt", b"words", "text/plain"))
    expect(bob.page.locator(".upload--done")).to_have_count(1)
    house.ask("alice", "PUT", f"rooms/{room.id}/members/{user}/mute/", {"seconds": 3600})
    expect(bob.composer).to_have_count(0)
    house.ask("alice", "DELETE", f"rooms/{room.id}/members/{user}/mute/")
    expect(uploads(bob)).to_contain_text("later.txt")
    bob.room_item(house.room().name).click()
    expect(uploads(bob)).to_have_count(0)
    bob.page.go_back()
    expect(uploads(bob)).to_contain_text("later.txt")


def test_what_is_refused_says_so_and_can_be_taken_out(house: House) -> None:
    alice = house.enter("alice", house.room())
    pick(alice, file("nothing.txt", b""), file("words.txt", b"words"))
    expect(alice.page.locator(".upload--failed")).to_contain_text("File is empty.")
    alice.page.locator(".upload--failed [data-action=cancel-upload]").click()
    expect(uploads(alice)).to_have_count(1)
    alice.page.locator("[data-action=cancel-upload]").click()
    expect(alice.page.locator(".composer__uploads")).to_be_hidden()


def test_files_are_dropped_and_pasted(house: House) -> None:
    alice = house.enter("alice", house.room())
    made = """(kind) => {
        const data = new DataTransfer();
        data.items.add(new File(["words"], `${kind}.txt`, { type: "text/plain" }));
        const event = kind === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector("#composer-input").dispatchEvent(event);
    }"""
    alice.page.evaluate(made, "dragenter")
    expect(alice.page.locator(".room__drop")).to_be_visible()
    alice.page.evaluate(made, "drop")
    expect(alice.page.locator(".room__drop")).to_be_hidden()
    alice.page.evaluate(made, "paste")
    expect(uploads(alice)).to_have_text([re.compile("drop.txt"), re.compile("paste.txt")])


def test_images_are_looked_at_one_after_the_other(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    pick(alice, *(file(f"{color}.png", picture((600, 400), color=color), "image/png") for color in ("teal", "orange")))
    expect(alice.page.locator(".upload--done")).to_have_count(2)
    alice.composer.press("Enter")
    images = alice.page.locator(".attachment--image:not(.attachment--waiting)")
    expect(images).to_have_count(2)
    images.first.click()
    box = alice.page.locator("#lightbox")
    expect(box).to_contain_text("teal.png")
    alice.page.keyboard.press("ArrowRight")
    expect(box).to_contain_text("orange.png")
    expect(box.locator("[data-slot=next]")).to_be_disabled()
    alice.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(images.nth(1)).to_be_focused()


def test_a_pdf_is_read_in_place(whole_house: House) -> None:
    house = whole_house
    room = house.room()
    alice = house.enter("alice", room)
    pick(
        alice,
        file("teal.png", picture((600, 400)), "image/png"),
        file("plan.pdf", pdfs.paper(pages=12), "application/pdf"),
        file("broken.pdf", b"%PDF-1.7\n", "application/pdf"),
    )
    expect(alice.page.locator(".upload--done")).to_have_count(3)
    alice.composer.press("Enter")
    plan = alice.page.locator(".attachment--pdf", has_text="plan.pdf")
    broken = alice.page.locator(".attachment--pdf", has_text="broken.pdf")
    expect(plan).to_contain_text("12 pages")
    assert plan.locator("img").evaluate("image => image.decode().then(() => image.naturalHeight)") == 1440
    expect(broken.locator("[data-slot=page]")).to_be_hidden()
    plan.focus()
    with alice.page.expect_event("framenavigated", lambda each: each.url.startswith("chrome-extension://")):
        alice.page.keyboard.press("Enter")  # the browser's viewer
    box = alice.page.locator("#lightbox")
    frame = box.locator("iframe")
    expect(frame).to_have_attribute("src", re.compile("/plan.pdf$"))
    alice.page.keyboard.press("ArrowLeft")
    expect(frame).to_have_count(0)
    expect(box.locator("img")).to_be_visible()
    alice.page.keyboard.press("ArrowRight")
    expect(frame).to_have_count(1)
    alice.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(frame).to_have_count(0)
    expect(plan).to_be_focused()


def test_a_browser_without_a_viewer_shows_the_first_page(house: House) -> None:
    room = house.room()
    alice = house.enter("alice", room)
    alice.page.evaluate("Object.defineProperty(navigator, 'pdfViewerEnabled', { value: false })")
    pick(alice, file("plan.pdf", pdfs.paper(pages=12), "application/pdf"))
    expect(alice.page.locator(".upload--done")).to_have_count(1)
    alice.composer.press("Enter")
    expect(alice.page.locator(".attachment--pdf")).to_contain_text("12 pages")
    alice.page.locator(".attachment--pdf").click()
    box = alice.page.locator("#lightbox")
    expect(box.locator("img")).to_have_attribute("src", re.compile("/thumbnails/"))
    expect(box).to_contain_text("Page 1 of 12")
    with alice.page.expect_download() as download:
        box.get_by_text("Download").click()
    assert download.value.suggested_filename == "plan.pdf"

"""What a preview makes of servers that mean ill, and what it costs."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any

import httpcore
import pytest
from PIL import Image

from chat.operations.previews import looking
from chat.operations.previews.fetching import FETCHES, REDIRECTS, Fetcher
from chat.operations.previews.looking import IMAGE_BYTES, PAGE, PAGE_BYTES, look
from chat.operations.previews.targets import NotFetched, target
from chat.protocol.errors import RateLimited
from tests.operations.test_guard import resolver
from tests.support import pictures, zoo
from tests.support.zoo import Zoo


async def test_a_page_tells_its_title_description_site_and_image(zoo: Zoo) -> None:
    zoo.pages["/page"] = zoo_article("The night run", "Twelve of us", "/beach.png", "Harbour News")
    zoo.pages["/beach.png"] = png(1600, 800)
    found = await look(zoo.url("/page"))
    assert (found.title, found.description, found.site) == ("The night run", "Twelve of us", "Harbour News")
    assert found.image is not None and (found.image.width, found.image.height) == (480, 240)
    image = Image.open(io.BytesIO(found.image.data))
    assert (image.format, image.size) == ("WEBP", (480, 240))
    assert zoo.paths == ["/page", "/beach.png"]
    for _, headers in zoo.asked:
        assert headers["User-Agent"] == "Parley (link preview)" and headers["Accept-Encoding"] == "identity"
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)


async def test_a_link_to_an_image_is_just_the_image(zoo: Zoo) -> None:
    zoo.pages["/beach.jpg"] = zoo_page(pictures.with_metadata(), "image/jpeg")
    found = await look(zoo.url("/beach.jpg"))
    assert (found.title, found.description, found.site) == ("", "", "127.0.0.1")
    assert found.image is not None and (found.image.width, found.image.height) == (30, 40), "turned upright"
    assert b"SECRET" not in found.image.data


async def test_redirects_are_followed_as_far_as_they_go(zoo: Zoo) -> None:
    zoo.pages |= {f"/{n}": zoo_moved(f"/{n - 1}", 301 + n % 2) for n in range(1, REDIRECTS + 2)}
    zoo.pages["/0"] = zoo_article("There")
    assert (await look(zoo.url(f"/{REDIRECTS}"))).title == "There"
    await refused(zoo.url(f"/{REDIRECTS + 1}"), "too many redirects")


async def test_a_redirect_in_a_circle_ends(zoo: Zoo) -> None:
    zoo.pages["/loop"] = zoo_moved("/loop")
    await refused(zoo.url("/loop"), "too many redirects")
    assert zoo.paths == ["/loop"] * (REDIRECTS + 1)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/", "gopher://a.example/", "//["]
)
async def test_a_redirect_to_what_is_not_the_web(zoo: Zoo, location: str) -> None:
    zoo.pages["/away"] = zoo_moved(location)
    await refused(zoo.url("/away"), "not of the web|none")
    assert zoo.paths == ["/away"]


# Addresses -------------------------------------------------------------------------------------


async def test_a_name_that_stands_for_this_machine(zoo: Zoo, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    zoo.pages["/"] = zoo_article("Secret")
    names(monkeypatch, ["127.0.0.1"])
    with pytest.raises(NotFetched, match="inner network"):
        await guarded(zoo.url("/", "inner.example"))
    assert zoo.asked == []
    assert (await look(zoo.url("/", "inner.example"))).title == "Secret", "the guard is what stood in its way"


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[fd00::1]", "[::ffff:10.0.0.1]", "2130706433"])
async def test_a_redirect_to_an_inner_address(zoo: Zoo, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Each step is looked at: the first one, whose name stands for an address of the internet, is let pass."""
    zoo.pages["/away"] = zoo_moved(f"http://{host}/")
    connect, resolve = httpcore.AnyIOBackend.connect_tcp, asyncio.get_running_loop().getaddrinfo
    tried = []

    async def at_the_zoo(self: Any, address: str, port: int, *more: Any) -> Any:
        tried.append(address)
        return await connect(self, "127.0.0.1" if address == "1.1.1.1" else address, port, *more)

    async def getaddrinfo(self: Any, name: str, port: int, **more: Any) -> Any:
        return await resolve("1.1.1.1" if name == "outside.example" else name, port, **more)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", at_the_zoo)
    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", getaddrinfo)
    with pytest.raises(NotFetched, match="inner network"):
        await guarded(zoo.url("/away", "outside.example"))
    assert zoo.paths == ["/away"] and tried == ["1.1.1.1"]


async def test_a_step_to_another_port(zoo: Zoo, settings: Any) -> None:
    step = target(zoo.url("/"))
    settings.PREVIEWS_ALLOW_PRIVATE = False
    for location in (zoo.url("/"), "http://outside.example:22/", "https://outside.example:80/"):
        with pytest.raises(NotFetched, match="port"):
            step.joined(location)


async def test_a_name_that_is_another_one_the_second_time(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what is looked at is what is connected to, and a second connection is looked at anew."""
    zoo.pages["/"] = zoo_article("Secret")
    names(monkeypatch, ["192.0.2.1"], ["127.0.0.1"])
    for _ in range(2):
        with pytest.raises(NotFetched, match="inner network"):
            await guarded(zoo.url("/", "rebinding.example"))
    assert zoo.asked == []


async def test_webhooks_have_another_door(zoo: Zoo, settings: Any) -> None:
    settings.PREVIEWS_ALLOW_PRIVATE, settings.HOOKS_ALLOW_PRIVATE = False, True
    await refused(zoo.url("/"), "port")
    await refused("http://10.0.0.1/", "inner network")
    assert zoo.asked == []


async def test_this_place_shows_nothing_to_itself(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    await refused("https://chat.example.org/rooms/board/", "this place itself")


# Bodies ----------------------------------------------------------------------------------------


async def test_of_an_endless_page_no_more_is_read_than_the_limit(zoo: Zoo) -> None:
    zoo.pages["/endless"] = zoo_endless()
    assert (await look(zoo.url("/endless"))).title == "Endless"
    assert zoo.sent < 32 * PAGE_BYTES, "what the kernels hold between the two is not read"
    answer = await fetched(zoo.url("/endless"))
    assert len(answer.data) == PAGE_BYTES


async def test_an_endless_image_is_given_up(zoo: Zoo) -> None:
    zoo.pages["/endless.png"] = zoo_endless(b"\x89PNG\r\n\x1a\n", "image/png")
    await refused(zoo.url("/endless.png"), "more than 5,242,880 bytes")
    assert zoo.sent < 8 * IMAGE_BYTES


async def test_a_page_is_read_no_further_than_its_head(zoo: Zoo) -> None:
    zoo.pages["/long"] = zoo_endless(b"<head><title>Head</title></head><body>")
    assert (await look(zoo.url("/long"))).title == "Head"
    answer = await fetched(zoo.url("/long"))
    assert len(answer.data) < PAGE_BYTES


async def test_a_page_without_an_end_of_its_head(zoo: Zoo) -> None:
    zoo.pages["/open"] = zoo_page("<title>Open")
    assert (await look(zoo.url("/open"))).title == "Open"


async def test_one_that_drips_is_given_up(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SECONDS", 0.5)
    zoo.pages["/slow"] = zoo_dripping
    await refused(zoo.url("/slow"), "not there in")


async def test_words_are_shown_when_the_image_drips(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "SECONDS", 2.0)
    zoo.pages |= {"/page": zoo_article("Words", image="/slow.png"), "/slow.png": zoo_dripping_image}
    found = await look(zoo.url("/page"))
    assert (found.title, found.image) == ("Words", None)


@pytest.mark.parametrize(
    ("name", "why"),
    [("404", "404"), ("500", "500"), ("packed", "packed"), ("cut", "ReadError|RemoteProtocol"), ("noise", "Protocol")],
)
async def test_what_is_no_answer(zoo: Zoo, name: str, why: str) -> None:
    zoo.pages |= {"/500": zoo_status(500), "/packed": zoo_packed, "/cut": zoo_cut, "/noise": zoo_noise}
    await refused(zoo.url(f"/{name}"), why)


@pytest.mark.parametrize("type", ["application/pdf", "text/plain", "application/json", "", "text/htmlx", "video/mp4"])
async def test_a_type_that_is_not_shown(zoo: Zoo, type: str) -> None:
    zoo.pages["/"] = zoo_page("<title>No</title>", type)
    await refused(zoo.url("/"), "of the type")


async def test_nobody_listens(zoo: Zoo) -> None:
    await refused("http://127.0.0.1:9/", "ConnectError")


# Images ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "beast",
    {
        "too large": lambda: png(5000, 4000),
        "a bomb": lambda: zoo_page(pictures.bomb(), "image/png"),
        "of a wrong type": lambda: zoo_page(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        "a page": lambda: zoo_page("<title>No image</title>"),
        "half a file": lambda: zoo_page(pictures.picture((300, 300))[:200], "image/png"),
        "one pixel": lambda: png(1, 1),
        "not there": lambda: zoo_status(404),
    }.items(),
    ids=lambda pair: pair[0],
)
async def test_an_image_that_is_none(zoo: Zoo, beast: Any) -> None:
    zoo.pages |= {"/page": zoo_article("Words", image="/image"), "/image": beast[1]()}
    found = await look(zoo.url("/page"))
    assert (found.title, found.image) == ("Words", None)
    with pytest.raises(NotFetched):
        await look(zoo.url("/image")) if beast[0] != "a page" else await look(zoo.url("/nowhere"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", "http://["])
async def test_an_image_at_an_address_that_is_none(zoo: Zoo, url: str) -> None:
    zoo.pages["/page"] = zoo_article("Words", image=url)
    assert (await look(zoo.url("/page"))).image is None
    assert zoo.paths == ["/page"]


# Rates -----------------------------------------------------------------------------------------


async def test_a_host_is_asked_so_often_and_no_more(zoo: Zoo) -> None:
    zoo.pages["/page"] = zoo_article("Words")
    for _ in range(FETCHES):
        await look(zoo.url("/page"))
    with pytest.raises(RateLimited):
        await look(zoo.url("/page"))
    assert len(zoo.asked) == FETCHES


# -----------------------------------------------------------------------------------------------

zoo_page, zoo_article, zoo_status, zoo_moved = zoo.page, zoo.article, zoo.status, zoo.moved
zoo_endless, zoo_dripping, zoo_packed, zoo_cut, zoo_noise = zoo.endless, zoo.dripping, zoo.packed, zoo.cut, zoo.noise


def zoo_dripping_image(handler: zoo.Handler) -> None:
    handler.begin("image/png")
    handler.zoo.closing.wait(60)


def png(width: int, height: int) -> zoo.Beast:
    return zoo_page(pictures.picture((width, height)), "image/png")


async def refused(url: str, why: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NotFetched, match=why):
        await look(url)
    assert time.monotonic() - begun < looking.SECONDS + 5


async def fetched(url: str) -> Any:
    fetcher = Fetcher(allow_inside=True)
    try:
        return await fetcher.get(target(url), PAGE)
    finally:
        await fetcher.close()


async def guarded(url: str) -> Any:
    """As in production, but for the port."""
    fetcher = Fetcher(allow_inside=False)
    try:
        return await fetcher.get(target(url, any_port=True), PAGE)
    finally:
        await fetcher.close()


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolver(*answers))

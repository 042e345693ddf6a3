"""What is done at the desk is seen on live sockets: a real server, a browser's forms, programs that listen."""

from __future__ import annotations

import re
import time

import httpx

from tests.admin.pages import send
from tests.support.cast import Cast
from tests.support.client import Client

NOTICED_SECONDS = 2.0


def form_in(page: str) -> dict[str, str]:
    """What stands in the inputs and selects of a page."""
    data = {}
    for tag in re.findall(r"<input [^>]*>", page):
        if (name := re.search(r'name="([^"]+)"', tag)) and 'type="submit"' not in tag and 'type="checkbox"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            data[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else ""
    return data


async def test_who_is_disabled_is_cut_off_at_once(cast: Cast, browser: httpx.AsyncClient) -> None:
    bob: Client = await cast.client("bob").start()
    begun = time.monotonic()
    await send(browser, "/admin/chat/user/", {"action": "disable", "index": "0", "_selected_action": cast.ids["bob"]})
    assert await bob.closed() == 4403
    assert time.monotonic() - begun < NOTICED_SECONDS + 1
    await cast.leave()


async def test_who_is_signed_out_everywhere_is_cut_off_at_once(cast: Cast, browser: httpx.AsyncClient) -> None:
    bob = await cast.client("bob").start()
    await send(browser, "/admin/chat/user/", {"action": "revoke", "index": "0", "_selected_action": cast.ids["bob"]})
    assert await bob.closed() == 4403
    await cast.leave()


async def test_the_members_of_a_room_change_before_their_eyes(cast: Cast, browser: httpx.AsyncClient) -> None:
    room = cast.room()
    alice, bob, mallory = [await cast.client(name).start() for name in ("alice", "bob", "mallory")]
    address = f"/admin/chat/room/{room}/change/"
    data = form_in((await browser.get(address)).text)
    new = next(name for name in data if name.endswith("-0-user") and "__prefix__" not in name)
    await send(browser, address, data | {new: cast.ids["mallory"]})
    added = await mallory.event("room.added", lambda found: found["room"]["id"] == room)
    assert added["stream"] == f"user:{cast.ids['mallory']}"
    await bob.event("member.joined", lambda found: found["user"]["username"] == "mallory")

    page = await browser.get(address + "?member=bob")
    data = form_in(page.text)
    row = next(name for name in data if re.fullmatch(r"memberships-2-\d-id", name)).removesuffix("-id")
    await send(browser, address + "?member=bob", data | {f"{row}-DELETE": "on"})
    await bob.event("room.removed", lambda found: found["room"] == room)
    await alice.event("member.left", lambda found: found["user"]["username"] == "bob")

    await send(browser, "/admin/chat/room/", {"action": "archive", "index": "0", "_selected_action": room})
    await mallory.event("room.archived", lambda found: found["room"]["archived"])
    assert (await mallory.post(room, "too late"))["code"] == "forbidden"
    await cast.leave()

"""/admin/live/: what the nodes are doing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from django.test import Client

from chat.admin import live
from chat.models import Room, User
from chat.operations.rooms import open_direct
from chat.streams import nodes
from tests.support.cast import Cast

PAGE, DATA = "/admin/live/", "/admin/live/data/"


async def test_a_node_tells_of_its_sockets_and_of_what_is_said(cast: Cast, browser: httpx.AsyncClient) -> None:
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    room = cast.room()

    async def told() -> dict[str, Any]:
        answer: dict[str, Any] = (await browser.get(DATA)).raise_for_status().json()
        return answer

    await alice.post(room, "hello")
    await bob.event("message.posted")
    while not (answer := await told())["rooms"] or answer["nodes"][0]["sockets"].get("live") != 2:
        pass
    (node,) = answer["nodes"]
    assert node["started_at"] > 1_700_000_000
    assert answer["rooms"][0]["name"] == "Room 0" and answer["rooms"][0]["listeners"] == 2
    assert answer["rooms"][0]["address"] == f"/admin/chat/room/{room}/change/"
    while not any(deliveries > 0 for *_, deliveries, _ in node["samples"]):
        (node,) = (await told())["nodes"]
    await cast.leave()


def test_the_page_stands_in_the_admin(desk: Client, helper: Client) -> None:
    for browser in (desk, helper):
        page = browser.get(PAGE)
        assert page.status_code == 200
        assert f'data-live="{DATA}"' in page.content.decode()
        assert browser.get(DATA).json() == {"nodes": [], "rooms": []}


@pytest.mark.parametrize("address", [PAGE, DATA])
def test_it_is_for_staff(bob: User, desk: Client, address: str) -> None:
    assert desk.get(address).status_code == 200
    outsider = Client()
    assert outsider.get(address).status_code == 302
    outsider.force_login(bob)
    assert outsider.get(address).status_code == 302


def test_helpers_are_not_told_the_names_of_rooms_that_they_may_not_see(
    alice: User, bob: User, sam: User, room: Room, open_room: Room, rf: Any
) -> None:
    direct = open_direct(actor=alice, other=bob)
    busiest = [nodes.Room(f"room:{pk}", 1, 1.0) for pk in (room.pk, open_room.pk, direct.pk)]
    request = rf.get(DATA)
    request.user = alice
    assert [found["name"] for found in live._rooms(request, busiest)] == ["Board", "Design", "a direct conversation"]
    request.user = sam
    assert [found["name"] for found in live._rooms(request, busiest)] == ["a private room", "Design", "a private room"]
